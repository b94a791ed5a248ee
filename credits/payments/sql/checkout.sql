-- name: note_opened
-- Once: of two that asked for the same page, the first says when it opened.
UPDATE credits.payment SET checkout_id = $3, checkout_url = $4, opened_at = $5
WHERE region_id = $1 AND id = $2 AND status = 'pending' AND opened_at IS NULL
RETURNING true;

-- name: payments_to_open
-- Of every region, oldest first: what the request that asked for it could not open.
SELECT region_id, booking_id, id FROM credits.payment
WHERE status = 'pending' AND means = 'card' AND opened_at IS NULL AND made_at < $1
ORDER BY made_at
LIMIT $2;

-- name: find_payment
-- The provider knows a payment by its id alone, and not its region.
SELECT region_id, booking_id, id FROM credits.payment WHERE id = $1;

-- name: write_fee
SELECT credits.write_fee($1, $2, $3, $4, $5, $6);
