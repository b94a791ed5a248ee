-- name: add_link
INSERT INTO identity.door_link (digest, region_id, id, organiser_id, session_id, made_by, opens_at, closes_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: claim_link
-- The first device that comes becomes the only one; of two at the same moment the row lock lets one be first.
UPDATE identity.door_link
SET device_digest = $2
WHERE digest = $1 AND (device_digest IS NULL OR device_digest = $2)
    AND revoked_at IS NULL AND opens_at <= $3 AND closes_at > $3
RETURNING region_id, session_id, organiser_id, id AS link_id;

-- name: read_early_link
-- A good link whose evening is still to come.
SELECT opens_at FROM identity.door_link WHERE digest = $1 AND revoked_at IS NULL AND opens_at > $2;

-- name: read_links
SELECT id, opens_at, closes_at, device_digest IS NOT NULL AS taken
FROM identity.door_link
WHERE region_id = $1 AND organiser_id = $2 AND session_id = $3 AND revoked_at IS NULL AND closes_at > $4
ORDER BY opens_at, id;

-- name: revoke_link
UPDATE identity.door_link
SET revoked_at = $4
WHERE region_id = $1 AND organiser_id = $2 AND id = $3 AND revoked_at IS NULL;
