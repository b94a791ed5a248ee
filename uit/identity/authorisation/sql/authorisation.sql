-- name: holds_here
SELECT EXISTS (
    SELECT 1 FROM identity.insz_authorisation
    WHERE region_id = $1 AND stopped_at IS NULL AND starts_on <= $2 AND (ends_on IS NULL OR ends_on >= $2)
);

-- name: read_authorisations
SELECT id, number, purposes, categories, starts_on, ends_on, stopped_at
FROM identity.insz_authorisation
WHERE region_id = $1
ORDER BY entered_at DESC, id;

-- name: insert_authorisation
INSERT INTO identity.insz_authorisation (region_id, id, number, purposes, categories, starts_on, ends_on, entered_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT DO NOTHING;

-- name: stop_authorisation
UPDATE identity.insz_authorisation SET stopped_at = $3 WHERE region_id = $1 AND id = $2 AND stopped_at IS NULL;
