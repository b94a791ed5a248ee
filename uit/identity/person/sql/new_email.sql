-- name: end_waiting
UPDATE identity.new_email SET used_at = $2 WHERE person_id = $1 AND used_at IS NULL;

-- name: was_asked
SELECT true FROM identity.new_email WHERE digest = $1;

-- name: insert_new_email
INSERT INTO identity.new_email (digest, region_id, person_id, email, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6);

-- name: read_new_email
SELECT region_id, person_id, email
FROM identity.new_email
WHERE digest = $1 AND used_at IS NULL AND expires_at > $2;

-- name: use_new_email
UPDATE identity.new_email SET used_at = $2
WHERE digest = $1 AND used_at IS NULL AND expires_at > $2
RETURNING region_id, person_id, email;

-- name: read_waiting_email
SELECT email FROM identity.new_email WHERE person_id = $1 AND used_at IS NULL AND expires_at > $2;
