-- name: one_import_at_a_time
-- Per region, until the end of the transaction: two imports would both think that something is new.
SELECT pg_advisory_xact_lock(hashtext('uit.intake'), $1);

-- name: read_social_bp
SELECT holder_bp FROM credits.share_version
WHERE region_id = $1 AND starts_on <= $2 ORDER BY starts_on DESC, version DESC LIMIT 1;
