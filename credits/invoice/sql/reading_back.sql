-- name: lock_seller
SELECT FROM credits.seller WHERE region_id = $1 AND organiser_id = $2 FOR NO KEY UPDATE;

-- name: has_number
SELECT EXISTS (
    SELECT 1 FROM credits.invoice WHERE region_id = $1 AND seller_id = $2 AND number = $3 AND id <> $4
);

-- name: write_number
UPDATE credits.invoice SET number = $3, issued_on = $4 WHERE region_id = $1 AND id = $2;

-- name: write_payment
-- From what is owed to the bank; below zero the other way.
WITH noted AS (
    INSERT INTO credits.invoice_payment (region_id, id, invoice_id, amount_cents, paid_on, reference, noted_at)
    VALUES ($1, $3, $2, $4, $5, $6, $7)
    RETURNING id, invoice_id, amount_cents, reference
), paid AS (
    UPDATE credits.invoice AS i SET paid_cents = i.paid_cents + n.amount_cents
    FROM noted AS n WHERE i.region_id = $1 AND i.id = n.invoice_id
    RETURNING i.id, i.seller_id, i.booking_id
)
SELECT credits.write_money($1, (
    SELECT json_agg(json_build_object(
        'id', n.id, 'kind', 'invoice_paid', 'amount_cents', abs(n.amount_cents),
        'debit_id', CASE WHEN n.amount_cents > 0 THEN s.invoice_account_id ELSE s.bank_account_id END,
        'credit_id', CASE WHEN n.amount_cents > 0 THEN s.bank_account_id ELSE s.invoice_account_id END,
        'booking_id', p.booking_id, 'payment_id', p.id, 'reference', n.reference
    ))
    FROM noted AS n
    JOIN paid AS p ON p.id = n.invoice_id
    JOIN credits.seller AS s ON s.region_id = $1 AND s.organiser_id = p.seller_id
), $7);

-- name: reverse_payment
-- The same money the other way: what it paid is open again.
WITH undone AS (
    INSERT INTO credits.transfer
        (region_id, id, kind, debit_id, credit_id, amount_cents, at, booking_id, payment_id, reference, reverses_id, reason)
    SELECT $1, $3, 'reversal', t.credit_id, t.debit_id, t.amount_cents, $5, t.booking_id, t.payment_id, t.reference, t.id, $4
    FROM credits.transfer AS t WHERE t.region_id = $1 AND t.id = $2 AND t.kind = 'invoice_paid'
    RETURNING id, debit_id, credit_id, amount_cents, reverses_id
), entered AS (
    INSERT INTO credits.entry (region_id, account_id, transfer_id, amount_cents)
    SELECT $1, credit_id, id, amount_cents FROM undone
    UNION ALL
    SELECT $1, debit_id, id, -amount_cents FROM undone
)
UPDATE credits.invoice AS i SET paid_cents = i.paid_cents - b.amount_cents
FROM undone AS u
JOIN credits.invoice_payment AS b ON b.region_id = $1 AND b.id = u.reverses_id
WHERE i.region_id = $1 AND i.id = b.invoice_id;

-- name: reopen
-- Its payment waits again while something is open.
UPDATE credits.payment AS p SET status = 'pending', paid_at = NULL
FROM credits.invoice AS i
WHERE p.region_id = $1 AND p.id = $2 AND p.status = 'paid' AND i.region_id = $1 AND i.id = p.id
    AND i.paid_cents + i.credited_cents < i.amount_cents;

-- name: write_credit_note
-- The transfer has the id of the refund, as for all that goes back.
WITH done AS (
    UPDATE credits.refund
    SET status = 'done', external_id = $3, issued_on = $4, sent_at = coalesce(sent_at, $5), done_at = $5
    WHERE region_id = $1 AND id = $2 AND way = 'credit_note' AND status <> 'done'
    RETURNING id, payment_id, line_no, amount_cents
), credited AS (
    UPDATE credits.invoice AS i SET credited_cents = i.credited_cents + d.amount_cents
    FROM done AS d WHERE i.region_id = $1 AND i.id = d.payment_id
    RETURNING i.id, i.seller_id, i.booking_id
)
SELECT credits.write_money($1, (
    SELECT json_agg(json_build_object(
        'id', d.id, 'kind', 'credit_note', 'amount_cents', d.amount_cents, 'debit_id', s.invoice_account_id,
        'credit_id', s.sale_account_id, 'booking_id', c.booking_id, 'line_no', d.line_no, 'payment_id', c.id, 'reference', $3::text
    ))
    FROM done AS d
    JOIN credited AS c ON c.id = d.payment_id
    JOIN credits.seller AS s ON s.region_id = $1 AND s.organiser_id = c.seller_id
), $5);

-- name: settle
-- Its payment is paid once nothing is open, and gone back once all of it was credited.
UPDATE credits.payment AS p
SET status = CASE WHEN i.credited_cents = i.amount_cents THEN 'refunded' ELSE 'paid' END::credits.payment_status,
    paid_at = coalesce(p.paid_at, $3)
FROM credits.invoice AS i
WHERE p.region_id = $1 AND p.id = $2 AND i.region_id = $1 AND i.id = p.id
    AND i.paid_cents + i.credited_cents >= i.amount_cents;
