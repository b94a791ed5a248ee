-- name: payments_of_references
-- The provider knows a payment by its own id alone, and not its region.
SELECT region_id, id, booking_id, seller_id, account, reference FROM credits.payment
WHERE reference = ANY ($1::text[]) AND means = 'card';

-- name: disputes_of_seller
-- Those that are open, and what ended in the last year.
SELECT id, external_id, booking_id, amount_cents, status FROM credits.dispute
WHERE region_id = $1 AND seller_id = $2 AND (status = 'open' OR ended_at > $3)
ORDER BY status, opened_at DESC
LIMIT 100;

-- name: write_dispute
SELECT credits.follow_dispute($1, $2, $3, $4, $5, $6, $7, $8);
