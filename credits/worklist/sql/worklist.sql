-- name: find_reviews
-- Who waits longest first. The page of a person's decisions says what was decided.
SELECT 'review' AS kind, m.id AS membership_id, m.person_id, p.given_name || ' ' || p.family_name AS name, p.is_protected,
    d.id::text AS about, (d.asked_again_at AT TIME ZONE 'Europe/Brussels')::date AS day, NULL::uuid AS other_id, '' AS other
FROM passes.decision AS d
JOIN passes.membership AS m ON m.region_id = $1 AND m.id = d.membership_id
JOIN identity.person AS p ON p.id = m.person_id
WHERE d.region_id = $1 AND d.asked_again_at IS NOT NULL AND d.answered_at IS NULL
    AND ($2::text[] IS NULL OR m.refnis = ANY ($2))
ORDER BY d.asked_again_at, d.id
LIMIT $3;

-- name: find_ending_proofs
-- `$3` to `$4` are the first and last day of the month. `about` is the day, so that a new proof is a new task.
SELECT 'proof' AS kind, m.id AS membership_id, m.person_id, p.given_name || ' ' || p.family_name AS name, p.is_protected,
    m.social_until::text AS about, m.social_until AS day, NULL::uuid AS other_id, '' AS other
FROM passes.membership AS m
JOIN identity.person AS p ON p.id = m.person_id
LEFT JOIN credits.worklist_mark AS d
    ON d.region_id = $1 AND d.kind = 'proof' AND d.membership_id = m.id AND d.about = m.social_until::text
WHERE m.region_id = $1 AND m.social_until BETWEEN $3 AND $4 AND m.status = 'active' AND d.about IS NULL
    AND ($2::text[] IS NULL OR m.refnis = ANY ($2))
ORDER BY m.social_until, m.id
LIMIT $5;

-- name: find_doubles
-- Of the newest members, who has the birth date of another and a name that is near: the likeness of a registration. Each is
-- compared with those of one birth date alone.
SELECT 'double' AS kind, m.id AS membership_id, m.person_id, m.name, false AS is_protected, o.id::text AS about,
    m.starts_on AS day, o.id AS other_id, q.given_name || ' ' || q.family_name AS other
FROM (
    SELECT n.id, n.person_id, n.starts_on, p.born_on, p.given_name || ' ' || p.family_name AS name
    FROM passes.membership AS n
    JOIN identity.person AS p ON p.id = n.person_id
    WHERE n.region_id = $1 AND n.status = 'active' AND ($2::text[] IS NULL OR n.refnis = ANY ($2))
        AND p.born_on IS NOT NULL AND NOT p.is_protected AND p.merged_into IS NULL
    ORDER BY n.starts_on DESC, n.id DESC
    LIMIT $3
) AS m
JOIN identity.person AS q ON q.born_on = m.born_on AND q.id <> m.person_id AND NOT q.is_protected AND q.merged_into IS NULL
JOIN passes.membership AS o
    ON o.region_id = $1 AND o.person_id = q.id AND o.status = 'active' AND ($2::text[] IS NULL OR o.refnis = ANY ($2))
    AND (o.starts_on, o.id) < (m.starts_on, m.id)
LEFT JOIN credits.worklist_mark AS d
    ON d.region_id = $1 AND d.kind = 'double' AND d.membership_id = m.id AND d.about = o.id::text
WHERE d.about IS NULL
    AND public.similarity(uit.fold(m.name), uit.fold(q.given_name || ' ' || q.family_name)) >= 0.4
ORDER BY m.starts_on DESC, m.id, o.id
LIMIT $4;

-- name: find_returned_letters
-- One for each person whose address is doubted: who is trusted or moves is done.
SELECT DISTINCT ON (l.person_id) 'letter' AS kind, m.id AS membership_id, l.person_id,
    p.given_name || ' ' || p.family_name AS name, p.is_protected, l.id::text AS about,
    (l.returned_at AT TIME ZONE 'Europe/Brussels')::date AS day, NULL::uuid AS other_id, l.subject AS other
FROM identity.letter AS l
JOIN identity.person AS p ON p.id = l.person_id AND p.address_doubted_at IS NOT NULL AND p.died_on IS NULL
JOIN passes.membership AS m ON m.region_id = $1 AND m.person_id = l.person_id
LEFT JOIN credits.worklist_mark AS d
    ON d.region_id = $1 AND d.kind = 'letter' AND d.membership_id = m.id AND d.about = l.id::text
WHERE l.region_id = $1 AND l.returned_at IS NOT NULL AND d.about IS NULL AND ($2::text[] IS NULL OR m.refnis = ANY ($2))
ORDER BY l.person_id, l.returned_at DESC
LIMIT $3;

-- name: find_refused_grants
-- What was given after all is done.
SELECT 'grant' AS kind, r.membership_id, m.person_id, p.given_name || ' ' || p.family_name AS name, p.is_protected,
    r.programme_id::text || ' ' || r.refused_at::text AS about,
    (r.refused_at AT TIME ZONE 'Europe/Brussels')::date AS day, NULL::uuid AS other_id, g.name AS other
FROM credits.refused_grant AS r
JOIN credits.programme AS g ON g.region_id = $1 AND g.id = r.programme_id
JOIN passes.membership AS m ON m.region_id = $1 AND m.id = r.membership_id AND m.status = 'active'
JOIN identity.person AS p ON p.id = m.person_id
LEFT JOIN credits.worklist_mark AS d ON d.region_id = $1 AND d.kind = 'grant' AND d.membership_id = r.membership_id
    AND d.about = r.programme_id::text || ' ' || r.refused_at::text
WHERE r.region_id = $1 AND d.about IS NULL AND ($2::text[] IS NULL OR m.refnis = ANY ($2))
    AND NOT EXISTS (
        SELECT 1 FROM credits.purse AS u
        WHERE u.region_id = $1 AND u.wallet_id = r.membership_id AND u.programme_id = r.programme_id
            AND u.granted_at >= r.refused_at
    )
ORDER BY r.refused_at, r.membership_id
LIMIT $3;

-- name: add_mark
INSERT INTO credits.worklist_mark (region_id, kind, membership_id, about, done_at)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT DO NOTHING;

-- name: add_refused_grant
-- The last refusal of a programme to somebody is the one that counts.
INSERT INTO credits.refused_grant (region_id, membership_id, programme_id, code, refused_at)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (region_id, membership_id, programme_id) DO UPDATE SET code = excluded.code, refused_at = excluded.refused_at;
