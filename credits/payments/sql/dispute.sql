-- name: payments_of_references
-- The provider knows a payment by its own id alone, and not its region.
SELECT region_id, id, booking_id, seller_id, account, reference FROM credits.payment
WHERE reference IS NOT NULL AND reference = ANY ($1::text[]) AND means = 'card';

-- name: write_dispute
SELECT credits.follow_dispute($1, $2, $3, $4, $5, $6, $7, $8);
