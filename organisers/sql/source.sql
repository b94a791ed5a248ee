-- name: one_import_at_a_time
-- Per region, until the end of the transaction: two imports would both think that something is new. What people say for imports
-- to keep is said under it too, or an import that goes on would write over it.
SELECT pg_advisory_xact_lock(hashtext('uit.intake'), $1);

-- name: select_counting
SELECT counting::text FROM organisers.source WHERE region_id = $1 AND source = $2;

-- name: upsert_counting
INSERT INTO organisers.source (region_id, source, counting, changed_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (region_id, source) DO UPDATE SET counting = excluded.counting, changed_at = excluded.changed_at;
