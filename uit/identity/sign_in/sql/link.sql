-- name: find_addressee
SELECT id FROM identity.person
WHERE email = $1 AND ended_at IS NULL AND died_on IS NULL AND merged_into IS NULL;

-- name: add_link
INSERT INTO identity.link (digest, purpose, person_id, staff_id, next, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: read_link
SELECT person_id, staff_id, next AS wanted
FROM identity.link
WHERE digest = $1 AND purpose = $2 AND used_at IS NULL AND expires_at > $3;

-- name: use_link
UPDATE identity.link
SET used_at = $3
WHERE digest = $1 AND purpose = $2 AND used_at IS NULL AND expires_at > $3
RETURNING person_id, staff_id, next AS wanted;

-- name: end_invitations
UPDATE identity.link SET used_at = $2 WHERE staff_id = $1 AND purpose = 'invitation' AND used_at IS NULL;
