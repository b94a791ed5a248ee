-- name: lock_paper
-- Of two who enter one number at once, at two tills, the second waits here. What the first did is read in a later statement.
SELECT pg_advisory_xact_lock(hashtextextended($1::uuid::text || $2::text, 0));

-- name: read_entered
SELECT id, year, no, total_cents, made_at FROM credits.receipt WHERE region_id = $1 AND seller_id = $2 AND paper_no = $3;

-- name: has_receipt
SELECT EXISTS (SELECT 1 FROM credits.receipt WHERE region_id = $1 AND id = $2);

-- name: read_vat_codes
SELECT code, name FROM credits.vat_code
WHERE starts_on <= $1 AND (ends_on IS NULL OR ends_on >= $1)
ORDER BY rate_bp DESC, code;
