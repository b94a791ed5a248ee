-- name: add_client
INSERT INTO identity.client (region_id, id, name, secret_digest, organiser_ids, return_origins, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: give_token
INSERT INTO identity.access_token (digest, client_id, created_at, expires_at)
SELECT $3, c.id, $4, $5
FROM identity.client AS c
WHERE c.id = $1 AND c.secret_digest = $2 AND c.ended_at IS NULL;
