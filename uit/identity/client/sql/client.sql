-- name: add_client
INSERT INTO identity.client (region_id, id, name, secret_digest, organiser_ids, return_origins, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: give_token
INSERT INTO identity.access_token (digest, client_id, created_at, expires_at)
SELECT $3, c.id, $4, $5
FROM identity.client AS c
WHERE c.id = $1 AND c.secret_digest = $2 AND c.ended_at IS NULL;

-- name: read_client
-- Its id is all that an operator has. One that ended is not there any more.
SELECT region_id, id, name, return_origins FROM identity.client WHERE id = $1 AND ended_at IS NULL;

-- name: lock_client
-- Of two who change its origins at once, the second waits here. Which there are is read in a later statement.
SELECT id FROM identity.client WHERE region_id = $1 AND id = $2 FOR NO KEY UPDATE;

-- name: write_origins
UPDATE identity.client SET return_origins = $3 WHERE region_id = $1 AND id = $2;
