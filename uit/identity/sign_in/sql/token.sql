-- name: add_token
INSERT INTO identity.access_token (digest, person_id, created_at, expires_at)
VALUES ($1, $2, $3, $4)
ON CONFLICT (digest) DO NOTHING;

-- name: read_tokens
SELECT digest, created_at, expires_at
FROM identity.access_token
WHERE person_id = $1 AND revoked_at IS NULL AND expires_at > $2
ORDER BY created_at, digest;

-- name: revoke_token
UPDATE identity.access_token SET revoked_at = $3 WHERE person_id = $1 AND digest = $2 AND revoked_at IS NULL;

-- name: revoke_tokens
UPDATE identity.access_token SET revoked_at = $2 WHERE person_id = $1 AND revoked_at IS NULL RETURNING digest;
