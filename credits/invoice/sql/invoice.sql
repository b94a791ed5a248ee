-- name: read_open
-- What is to be done for some sellers, so many of each, the most urgent first: to invoice, to be paid, to be credited,
-- or to go back.
SELECT o.*
FROM unnest($2::uuid[]) AS s (id)
CROSS JOIN LATERAL (
    SELECT i.id, i.booking_id, i.seller_id, i.customer_id, c.name AS customer, i.order_reference, i.communication,
        i.amount_cents, i.requested_at, i.due_on, i.mailed_at, i.number, i.issued_on, i.paid_cents, i.credited_cents,
        coalesce(r.cents, 0) AS to_credit_cents
    FROM credits.invoice AS i
    JOIN credits.customer AS c ON c.region_id = $1 AND c.id = i.customer_id
    LEFT JOIN LATERAL (
        SELECT sum(f.amount_cents) AS cents FROM credits.refund AS f
        WHERE f.region_id = $1 AND f.payment_id = i.id AND f.status <> 'done'
    ) AS r ON true
    WHERE i.region_id = $1 AND i.seller_id = s.id
        AND (i.paid_cents + i.credited_cents <> i.amount_cents OR r.cents > 0
            OR i.number IS NULL AND i.credited_cents < i.amount_cents)
    ORDER BY i.due_on, i.id
    LIMIT $3
) AS o
ORDER BY o.due_on, o.id;

-- name: read_closed
-- What is done, the latest first.
SELECT i.id, i.booking_id, i.seller_id, i.customer_id, c.name AS customer, i.order_reference, i.communication,
    i.amount_cents, i.requested_at, i.due_on, i.mailed_at, i.number, i.issued_on, i.paid_cents, i.credited_cents,
    0::bigint AS to_credit_cents
FROM credits.invoice AS i
JOIN credits.customer AS c ON c.region_id = $1 AND c.id = i.customer_id
WHERE i.region_id = $1 AND i.seller_id = $2 AND i.paid_cents + i.credited_cents = i.amount_cents
    AND (i.number IS NOT NULL OR i.credited_cents = i.amount_cents)
    AND NOT EXISTS (
        SELECT 1 FROM credits.refund AS f WHERE f.region_id = $1 AND f.payment_id = i.id AND f.status <> 'done'
    )
ORDER BY i.requested_at DESC, i.id
LIMIT $3;

-- name: read_invoice
SELECT i.id, i.booking_id, i.seller_id, i.customer_id, c.name AS customer, i.order_reference, i.communication,
    i.amount_cents, i.requested_at, i.due_on, i.mailed_at, i.number, i.issued_on, i.paid_cents, i.credited_cents,
    coalesce((
        SELECT sum(f.amount_cents) FROM credits.refund AS f
        WHERE f.region_id = $1 AND f.payment_id = i.id AND f.status <> 'done'
    ), 0) AS to_credit_cents
FROM credits.invoice AS i
JOIN credits.customer AS c ON c.region_id = $1 AND c.id = i.customer_id
WHERE i.region_id = $1 AND i.id = $2;

-- name: read_lines
-- With the VAT as it was on the day of the booking.
SELECT l.no, l.words, l.places, l.vat_code, l.price_cents, l.credit_cents, v.name AS vat_name, v.rate_bp, v.exempt_reason
FROM credits.invoice_line AS l
JOIN credits.invoice AS i ON i.region_id = $1 AND i.id = l.invoice_id
LEFT JOIN credits.vat_code AS v
    ON v.code = l.vat_code AND v.starts_on <= (i.requested_at AT TIME ZONE 'Europe/Brussels')::date
    AND (v.ends_on IS NULL OR v.ends_on >= (i.requested_at AT TIME ZONE 'Europe/Brussels')::date)
WHERE l.region_id = $1 AND l.invoice_id = $2
ORDER BY l.no;

-- name: read_payments
-- Each with its reversal, where it was taken back.
SELECT b.amount_cents, b.paid_on, b.reference, b.id, r.at AS taken_back_at, r.reason
FROM credits.invoice_payment AS b
LEFT JOIN credits.transfer AS r ON r.region_id = $1 AND r.reverses_id = b.id
WHERE b.region_id = $1 AND b.invoice_id = $2
ORDER BY b.noted_at, b.id;

-- name: read_credit_notes
-- Of some invoices, each with its own.
SELECT id, payment_id AS invoice_id, line_no, amount_cents, status::text, decided_at, external_id AS number, issued_on
FROM credits.refund
WHERE region_id = $1 AND payment_id = ANY ($2::uuid[]) AND way = 'credit_note'
ORDER BY decided_at, id;

-- name: read_buyer
SELECT name, enterprise_number AS number, peppol_id, street, postal_code, town, email, contact
FROM credits.customer WHERE region_id = $1 AND id = $2;

-- name: find_selling
SELECT o.name, o.enterprise_number AS number, NULL::text AS peppol_id, NULL::text AS street, NULL::text AS postal_code,
    NULL::text AS town, o.email, NULL::text AS contact
FROM organisers.organiser AS o WHERE o.region_id = $1 AND o.id = $2;

-- name: insert_lines
INSERT INTO credits.invoice_line (region_id, invoice_id, no, words, places, vat_code, price_cents, credit_cents)
SELECT $1, $2, r.no, r.words, r.places, r.vat_code, r.price_cents, r.credit_cents
FROM json_to_recordset($3) AS r (
    no smallint, words text, places smallint, vat_code text, price_cents integer, credit_cents integer
)
ON CONFLICT (region_id, invoice_id, no) DO NOTHING;

-- name: note_mailed
UPDATE credits.invoice SET mailed_at = $3 WHERE region_id = $1 AND id = $2 AND mailed_at IS NULL;
