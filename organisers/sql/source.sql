-- name: select_counting
SELECT counting::text FROM organisers.source WHERE region_id = $1 AND source = $2;

-- name: upsert_counting
INSERT INTO organisers.source (region_id, source, counting, changed_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (region_id, source) DO UPDATE SET counting = excluded.counting, changed_at = excluded.changed_at;
