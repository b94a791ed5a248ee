-- name: insert_client
INSERT INTO identity.service_client (region_id, id, partner_id, person_id, dossier, started_at)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT DO NOTHING;

-- name: stop_client
UPDATE identity.service_client SET ended_at = $4
WHERE region_id = $1 AND partner_id = $2 AND id = $3 AND ended_at IS NULL
RETURNING dossier;
