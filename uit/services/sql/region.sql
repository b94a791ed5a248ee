-- name: read_regions
SELECT id, slug, name, help_phone, help_text, own_outings_from::integer FROM uit.region WHERE id > 0 ORDER BY name;

-- name: add_region
INSERT INTO uit.region (id, slug, name, help_phone, help_text) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO NOTHING;

-- name: add_municipalities
INSERT INTO uit.region_municipality (region_id, refnis) SELECT $1, unnest($2::text[]) ON CONFLICT DO NOTHING;

-- name: lock_platform
-- Of two who add a region at once, the second waits here. What is there is read in a later statement.
SELECT id FROM uit.region WHERE id = 0 FOR NO KEY UPDATE;

-- name: insert_region
INSERT INTO uit.region (id, slug, name, help_phone, help_text)
SELECT max(id) + 1, $1, $2, $3, $4 FROM uit.region
RETURNING id;

-- name: read_towns_of_regions
SELECT rm.region_id, m.refnis, m.name
FROM uit.region_municipality AS rm
JOIN uit.municipality AS m ON m.refnis = rm.refnis
ORDER BY m.name;

-- name: set_own_outings
UPDATE uit.region SET own_outings_from = $2 WHERE id = $1 AND own_outings_from <> $2;
