-- name: read_membership
SELECT region_id, id, person_id, status::text, refnis, starts_on, ends_on, social_until,
    coalesce(ended_why = 'over', false) AS is_over, coalesce(ended_why = 'merged', false) AS is_merged, given_until,
    warned_on, erase_on, moves_away
FROM passes.membership
WHERE region_id = $1 AND id = $2;

-- name: lives_elsewhere
-- Through the directory of regions, of which there are few: the key of the table starts with one.
SELECT EXISTS (
    SELECT 1 FROM uit.region AS r
    JOIN passes.membership AS m ON m.region_id = r.id AND m.id = $2
    WHERE r.id <> $1
);

-- name: membership_of
SELECT region_id, id, person_id, status::text, refnis, starts_on, ends_on, social_until,
    coalesce(ended_why = 'over', false) AS is_over, coalesce(ended_why = 'merged', false) AS is_merged, given_until,
    warned_on, erase_on, moves_away
FROM passes.membership
WHERE region_id = $1 AND person_id = $2;

-- name: lock_membership
-- Whatever is decided about somebody's cards is decided under this lock.
SELECT region_id, id, person_id, status::text, refnis, starts_on, ends_on, social_until,
    coalesce(ended_why = 'over', false) AS is_over, coalesce(ended_why = 'merged', false) AS is_merged, given_until,
    warned_on, erase_on, moves_away
FROM passes.membership
WHERE region_id = $1 AND id = $2
FOR NO KEY UPDATE;

-- name: wait_for_registration
-- There is no row to lock yet: the same form or the same person, sent twice at once, waits here and then finds what the first
-- one made. A person is the same by number or e-mail address wherever, and by name and birth date in one region. In order, so
-- that two never wait for each other.
SELECT pg_advisory_xact_lock(k.key)
FROM (
    SELECT DISTINCT hashtextextended(subject, 0) AS key
    FROM unnest(ARRAY[
        $2::uuid::text,
        'person ' || $1::integer || ' ' || uit.fold($3) || ' ' || coalesce($4::date::text, ''),
        'insz ' || $5::uuid,
        'email ' || $6::text
    ]) AS s (subject)
    WHERE subject IS NOT NULL
    ORDER BY key
) AS k;

-- name: read_region_ids
SELECT coalesce(array_agg(region_id ORDER BY starts_on, region_id), '{}')
FROM passes.membership
WHERE person_id = $1 AND status <> 'ended';

-- name: read_towns
SELECT t.refnis, t.name
FROM uit.region_municipality AS r
JOIN uit.municipality AS t ON t.refnis = r.refnis
WHERE r.region_id = $1
ORDER BY t.name;

-- name: read_town
SELECT name FROM uit.municipality WHERE refnis = $1;

-- name: read_namesakes
-- The name folded as the search of the desk does: Zoë is Zoe.
SELECT coalesce(array_agg(m.id ORDER BY m.id), '{}')
FROM identity.person AS p
JOIN passes.membership AS m ON m.region_id = $1 AND m.person_id = p.id
WHERE uit.words_of(p.given_name || ' ' || p.family_name) @@ (
    SELECT string_agg(format('''%s''', word), ' & ')::tsquery
    FROM string_to_table(uit.fold($2), ' ') AS word WHERE word <> ''
)
    AND uit.fold(p.given_name || ' ' || p.family_name) = uit.fold($2) AND p.born_on = $3 AND p.merged_into IS NULL
    AND NOT p.is_protected;

-- name: insert_membership
INSERT INTO passes.membership (region_id, id, person_id, refnis, starts_on, created_at)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT DO NOTHING;
