-- name: lock_addressee
-- Of two that ask at the same moment, the second sees the link of the first.
SELECT id FROM identity.person
WHERE email = $1 AND ended_at IS NULL AND died_on IS NULL AND merged_into IS NULL
FOR NO KEY UPDATE;

-- name: lock_staff
SELECT id FROM identity.staff
WHERE email = $1 AND ended_at IS NULL AND password_hash IS NOT NULL AND totp_secret IS NOT NULL
FOR NO KEY UPDATE;

-- name: read_recent
SELECT count(*), max(created_at) AS last_made_at
FROM identity.link
WHERE (person_id = $1 OR staff_id = $1) AND purpose::text = $2 AND used_at IS NULL AND created_at > $3;

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
