-- name: add_client
INSERT INTO identity.client (region_id, id, name, secret_digest, organiser_ids, return_origins, scopes, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: give_token
-- Who ends the client or changes its secret goes before or after it, and ends the tokens that it gave.
WITH asking AS MATERIALIZED (
    SELECT c.id, c.scopes
    FROM identity.client AS c
    WHERE c.id = $1 AND c.secret_digest = $2 AND c.ended_at IS NULL
    FOR SHARE
), given AS (
    INSERT INTO identity.access_token (digest, client_id, created_at, expires_at)
    SELECT $3, id, $4, $5 FROM asking
)
SELECT scopes FROM asking;

-- name: read_client
-- Its id is all that an operator has. One that ended is not there any more.
SELECT region_id, id, name, return_origins FROM identity.client WHERE id = $1 AND ended_at IS NULL;

-- name: find_region
SELECT region_id FROM identity.client WHERE id = $1;

-- name: read_clients
SELECT id, name, organiser_ids, scopes, return_origins, created_at
FROM identity.client
WHERE region_id = $1 AND ended_at IS NULL
ORDER BY created_at, id;

-- name: lock_client
-- Of two who change its origins at once, the second waits here. Which there are is read in a later statement.
SELECT id FROM identity.client WHERE region_id = $1 AND id = $2 FOR NO KEY UPDATE;

-- name: write_origins
UPDATE identity.client SET return_origins = $3 WHERE region_id = $1 AND id = $2;

-- name: write_secret
UPDATE identity.client SET secret_digest = $3 WHERE region_id = $1 AND id = $2 AND ended_at IS NULL;

-- name: end_client
UPDATE identity.client SET ended_at = $3 WHERE region_id = $1 AND id = $2 AND ended_at IS NULL;

-- name: end_tokens
-- Those that could still work, which the index on their end finds.
UPDATE identity.access_token SET revoked_at = $2
WHERE expires_at > $2 AND client_id = $1 AND revoked_at IS NULL
RETURNING digest;
