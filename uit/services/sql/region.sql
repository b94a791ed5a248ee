-- name: read_regions
SELECT id, slug, name, help_phone, help_text FROM uit.region WHERE id > 0 ORDER BY name;

-- name: add_region
INSERT INTO uit.region (id, slug, name, help_phone, help_text) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO NOTHING;

-- name: add_municipalities
INSERT INTO uit.region_municipality (region_id, refnis) SELECT $1, unnest($2::text[]) ON CONFLICT DO NOTHING;
