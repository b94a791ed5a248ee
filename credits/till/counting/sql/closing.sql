-- name: write_count
UPDATE credits.till_session
SET counted_cents = $3, expected_cents = $4, denominations = $5::jsonb, counted_by = $6, counted_at = $7
WHERE region_id = $1 AND id = $2 AND counted_at IS NULL;

-- name: write_closing
UPDATE credits.till_session
SET left_cents = $3, difference_reason = $4, needs_signature = $5, closed_by = $6, closed_at = $7
WHERE region_id = $1 AND id = $2 AND closed_at IS NULL;
