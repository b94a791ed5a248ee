-- name: read_person
SELECT id, given_name, family_name, born_on, email, phone, language, refnis
FROM identity.person
WHERE id = $1;

-- name: find_by_name
-- A range and not LIKE, so that the index serves it whatever the plan: U+10FFFF sorts after every other character.
SELECT id, given_name, family_name, born_on, email, phone, language, refnis
FROM identity.person
WHERE id IN (
    SELECT p.id
    FROM unnest($1::text[], $2::text[]) AS t (family, given)
    JOIN identity.person AS p
        ON lower(p.family_name) ~>=~ t.family AND lower(p.family_name) ~<~ (t.family || chr(1114111))
        AND starts_with(lower(p.given_name), t.given)
    WHERE p.ended_at IS NULL AND p.merged_into IS NULL AND NOT p.is_protected
)
ORDER BY lower(family_name), lower(given_name), id
LIMIT $3;

-- name: find_by_email
SELECT id, given_name, family_name, born_on, email, phone, language, refnis
FROM identity.person
WHERE email = $1 AND ended_at IS NULL AND merged_into IS NULL;

-- name: find_any_by_email
-- Also somebody whose last membership ended: their address is taken until they are erased.
SELECT id, given_name, family_name, born_on, email, phone, language, refnis
FROM identity.person
WHERE email = $1 AND merged_into IS NULL;

-- name: find_by_key
SELECT p.id, p.given_name, p.family_name, p.born_on, p.email, p.phone, p.language, p.refnis
FROM uit.directory AS d
JOIN identity.person AS p ON p.id = d.owner
WHERE d.kind = 'insz' AND d.key = $1;

-- name: add_person
INSERT INTO identity.person (id, given_name, family_name, born_on, email, phone, language, refnis, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT DO NOTHING;

-- name: has_email
SELECT EXISTS (SELECT 1 FROM identity.person WHERE email = $1 AND id <> $2);

-- name: change_person
UPDATE identity.person
SET given_name = $2, family_name = $3, born_on = $4, email = $5, phone = $6, language = $7, refnis = $8
WHERE id = $1;

-- name: write_key
SELECT uit.write_directory('insz', 0, $1);

-- name: lock_person
-- Whether somebody still is a member anywhere is decided under this lock.
SELECT FROM identity.person WHERE id = $1 FOR NO KEY UPDATE;

-- name: is_protected
SELECT is_protected FROM identity.person WHERE id = $1;

-- name: end_person
-- Who ended signs in no more, and is erased when their term has passed.
-- One who ended before and is then known to have died keeps the first moment.
UPDATE identity.person SET ended_at = coalesce(ended_at, $2), died_on = coalesce(died_on, $3::date)
WHERE id = $1 AND (ended_at IS NULL OR died_on IS NULL AND $3::date IS NOT NULL);

-- name: has_died
SELECT died_on IS NOT NULL FROM identity.person WHERE id = $1;

-- name: resume_living_person
UPDATE identity.person SET ended_at = NULL, erase_on = NULL WHERE id = $1 AND ended_at IS NOT NULL AND died_on IS NULL;

-- name: resume_person
UPDATE identity.person SET ended_at = NULL, died_on = NULL, erase_on = NULL WHERE id = $1;

-- name: write_erase_on
UPDATE identity.person SET erase_on = $2 WHERE id = $1 AND ended_at IS NOT NULL AND erase_on IS NULL;
