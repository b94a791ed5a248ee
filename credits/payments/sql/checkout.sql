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
WITH fee AS (
    INSERT INTO credits.transfer (region_id, id, kind, debit_id, credit_id, amount_cents, at, booking_id, payment_id, reference)
    SELECT $1, $3, 'fee', s.card_account_id, s.fee_account_id, $4, $6, p.booking_id, p.id, $5
    FROM credits.payment AS p
    JOIN credits.seller AS s ON s.region_id = $1 AND s.organiser_id = p.seller_id
    WHERE p.region_id = $1 AND p.id = $2
    ON CONFLICT (region_id, id) DO NOTHING
    RETURNING id, debit_id, credit_id, amount_cents
)
INSERT INTO credits.entry (region_id, account_id, transfer_id, amount_cents)
SELECT $1, credit_id, id, amount_cents FROM fee
UNION ALL
SELECT $1, debit_id, id, -amount_cents FROM fee;
