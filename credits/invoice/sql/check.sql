-- name: invoices_unlike_transfers
-- What an invoice says was asked, paid and credited, against its transfers. A bank line that was taken back has its reversal.
WITH moved AS (
    SELECT t.region_id, t.payment_id,
        coalesce(sum(t.amount_cents) FILTER (WHERE t.kind = 'invoice'), 0) AS asked,
        coalesce(sum(t.amount_cents * CASE WHEN t.debit_id = s.invoice_account_id THEN 1 ELSE -1 END)
            FILTER (WHERE t.kind IN ('invoice_paid', 'reversal')), 0) AS paid,
        coalesce(sum(t.amount_cents) FILTER (WHERE t.kind = 'credit_note'), 0) AS credited
    FROM credits.transfer AS t
    JOIN credits.payment AS p ON p.region_id = t.region_id AND p.id = t.payment_id
    JOIN credits.seller AS s ON s.region_id = t.region_id AND s.organiser_id = p.seller_id
    LEFT JOIN credits.transfer AS o ON o.region_id = t.region_id AND o.id = t.reverses_id
    WHERE t.kind IN ('invoice', 'invoice_paid', 'credit_note') OR t.kind = 'reversal' AND o.kind = 'invoice_paid'
    GROUP BY t.region_id, t.payment_id
)
SELECT coalesce(i.region_id, m.region_id) AS region_id, coalesce(i.id, m.payment_id) AS subject_id,
    x.expected::bigint AS expected_cents, x.found::bigint AS found_cents
FROM credits.invoice AS i
FULL JOIN moved AS m ON m.region_id = i.region_id AND m.payment_id = i.id
CROSS JOIN LATERAL (VALUES
    (coalesce(m.asked, 0), coalesce(i.amount_cents, 0)), (coalesce(m.paid, 0), coalesce(i.paid_cents, 0)),
    (coalesce(m.credited, 0), coalesce(i.credited_cents, 0))
) AS x (expected, found)
WHERE x.expected <> x.found
LIMIT $1;

-- name: invoice_accounts_unlike_invoices
-- What stands on the account of a seller is what is open of its invoices together.
WITH waiting AS (
    SELECT region_id, account_id, sum(amount_cents) AS cents FROM credits.entry GROUP BY region_id, account_id
), open AS (
    SELECT region_id, seller_id, sum(amount_cents - paid_cents - credited_cents) AS cents
    FROM credits.invoice GROUP BY region_id, seller_id
)
SELECT s.region_id, s.invoice_account_id AS subject_id, coalesce(o.cents, 0)::bigint AS expected_cents,
    (coalesce(b.balance_cents, 0) + coalesce(w.cents, 0))::bigint AS found_cents
FROM credits.seller AS s
LEFT JOIN open AS o ON o.region_id = s.region_id AND o.seller_id = s.organiser_id
LEFT JOIN credits.balance AS b ON b.region_id = s.region_id AND b.account_id = s.invoice_account_id
LEFT JOIN waiting AS w ON w.region_id = s.region_id AND w.account_id = s.invoice_account_id
WHERE coalesce(o.cents, 0) <> coalesce(b.balance_cents, 0) + coalesce(w.cents, 0)
LIMIT $1;
