-- name: add_session
INSERT INTO identity.session (digest, person_id, staff_id, created_at, expires_at, second_factor_at)
VALUES ($1, $2, $3, $4, $5, $6);

-- name: revoke_session
UPDATE identity.session SET revoked_at = $2 WHERE digest = $1 AND revoked_at IS NULL;

-- name: revoke_sessions
UPDATE identity.session
SET revoked_at = $3
WHERE (person_id = $1 OR staff_id = $2) AND revoked_at IS NULL
RETURNING digest;
