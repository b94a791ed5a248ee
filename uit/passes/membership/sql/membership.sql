-- name: read_membership
SELECT region_id, id, person_id, status::text, refnis, starts_on, ends_on, social_until
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
SELECT region_id, id, person_id, status::text, refnis, starts_on, ends_on, social_until
FROM passes.membership
WHERE region_id = $1 AND person_id = $2;

-- name: lock_membership
-- Whatever is decided about somebody's cards is decided under this lock.
SELECT region_id, id, person_id, status::text, refnis, starts_on, ends_on, social_until
FROM passes.membership
WHERE region_id = $1 AND id = $2
FOR NO KEY UPDATE;

-- name: wait_for_registration
-- There is no row to lock yet: the same form, sent twice at once, waits here and then finds what the first one made.
SELECT pg_advisory_xact_lock(hashtextextended($1::uuid::text, 0));

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
SELECT coalesce(array_agg(m.id ORDER BY m.id), '{}')
FROM identity.person AS p
JOIN passes.membership AS m ON m.region_id = $1 AND m.person_id = p.id
WHERE lower(p.given_name) = lower($2) AND lower(p.family_name) = lower($3) AND p.born_on = $4
    AND p.merged_into IS NULL;

-- name: insert_membership
INSERT INTO passes.membership (region_id, id, person_id, refnis, starts_on, created_at)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT DO NOTHING;

-- name: insert_attestation
INSERT INTO passes.attestation (
    region_id, id, membership_id, applies, until, source, reference, document_kind, officer_id, rule_version, checked_at
)
VALUES ($1, $2, $3, true, $4, 'clerk', $5, $6, $7, $8, $9)
ON CONFLICT DO NOTHING;

-- name: set_social_until
UPDATE passes.membership SET social_until = $3 WHERE region_id = $1 AND id = $2;
