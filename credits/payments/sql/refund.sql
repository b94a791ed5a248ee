-- name: read_refund
SELECT r.region_id, r.id, r.booking_id, r.amount_cents, r.status::text, p.account, p.reference AS intent_id, r.external_id
FROM credits.refund AS r
JOIN credits.payment AS p ON p.region_id = $1 AND p.id = r.payment_id
WHERE r.region_id = $1 AND r.id = $2 AND r.way = 'card';

-- name: find_refund
-- The provider knows it by its id alone, and not its region.
SELECT r.region_id, r.id, r.booking_id, r.amount_cents, r.status::text, p.account, p.reference AS intent_id, r.external_id
FROM credits.refund AS r
JOIN credits.payment AS p ON p.region_id = r.region_id AND p.id = r.payment_id
WHERE r.id = $1;

-- name: note_sent
UPDATE credits.refund SET status = 'sent', external_id = $3, sent_at = coalesce(sent_at, $4), arrives_on = coalesce(arrives_on, $5)
WHERE region_id = $1 AND id = $2 AND status IN ('due', 'sent');

-- name: note_failed
UPDATE credits.refund SET status = 'failed', failure = $3, done_at = NULL
WHERE region_id = $1 AND id = $2 AND status IN ('due', 'sent');

-- name: finish_refund
-- Once: the money leaves the books with the refund, and a payment of which all went back says so.
WITH done AS (
    UPDATE credits.refund SET status = 'done', done_at = $3
    WHERE region_id = $1 AND id = $2 AND status = 'sent'
    RETURNING id, payment_id, booking_id, line_no, amount_cents, external_id
), moved AS (
    INSERT INTO credits.transfer
        (region_id, id, kind, debit_id, credit_id, amount_cents, at, booking_id, line_no, payment_id, reference)
    SELECT $1, d.id, 'refund', s.card_account_id, s.sale_account_id, d.amount_cents, $3, d.booking_id, d.line_no,
        d.payment_id, d.external_id
    FROM done AS d
    JOIN credits.payment AS p ON p.region_id = $1 AND p.id = d.payment_id
    JOIN credits.seller AS s ON s.region_id = $1 AND s.organiser_id = p.seller_id
    RETURNING id, debit_id, credit_id, amount_cents, payment_id
), entered AS (
    INSERT INTO credits.entry (region_id, account_id, transfer_id, amount_cents)
    SELECT $1, credit_id, id, amount_cents FROM moved
    UNION ALL
    SELECT $1, debit_id, id, -amount_cents FROM moved
), whole AS (
    UPDATE credits.payment AS p SET status = 'refunded'
    FROM moved AS m
    WHERE p.region_id = $1 AND p.id = m.payment_id AND p.amount_cents = m.amount_cents + (
        SELECT coalesce(sum(r.amount_cents), 0) FROM credits.refund AS r
        WHERE r.region_id = $1 AND r.payment_id = p.id AND r.status = 'done'
    )
)
SELECT true FROM moved;
