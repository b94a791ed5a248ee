-- name: lock_cash_refund
-- Of two who give under one code at once, the second waits here. What the first did is read in a later statement.
SELECT id FROM credits.refund WHERE region_id = $1 AND code = $2 FOR NO KEY UPDATE;

-- name: was_given
-- Whether the cash of this code was given under the id before; false when something else was moved, and no row when nothing was.
SELECT m.kind = 'refund' AND f.code = $3
FROM credits.till_movement AS m
LEFT JOIN credits.refund AS f ON f.region_id = $1 AND f.id = m.refund_id
WHERE m.region_id = $1 AND m.id = $2;

-- name: read_cash_refund
SELECT f.id, f.amount_cents, f.status::text, f.done_at
FROM credits.refund AS f
JOIN credits.payment AS p ON p.region_id = $1 AND p.id = f.payment_id
WHERE f.region_id = $1 AND p.seller_id = $2 AND f.way = 'cash' AND f.code = $3;

-- name: write_till_refunds
SELECT credits.write_till_refunds($1, $2::json, $3);
