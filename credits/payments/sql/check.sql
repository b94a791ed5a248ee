-- name: payments_unlike_transfers
-- What came in, or is owed on an invoice, and what of it went back.
WITH moved AS (
    SELECT t.region_id, t.payment_id,
        sum(t.amount_cents) FILTER (WHERE t.kind IN ('capture', 'receipt', 'invoice')) AS came,
        coalesce(sum(t.amount_cents) FILTER (WHERE t.kind IN ('refund', 'credit_note')), 0)
        - coalesce(sum(t.amount_cents) FILTER (WHERE t.kind = 'reversal' AND o.kind <> 'invoice_paid'), 0) AS went
    FROM credits.transfer AS t
    LEFT JOIN credits.transfer AS o ON o.region_id = t.region_id AND o.id = t.reverses_id
    WHERE t.payment_id IS NOT NULL
    GROUP BY t.region_id, t.payment_id
), back AS (
    SELECT region_id, payment_id, sum(amount_cents - by_bank_cents) AS cents FROM credits.refund WHERE status = 'done'
    GROUP BY region_id, payment_id
)
SELECT p.region_id, p.id AS subject_id, x.expected::bigint AS expected_cents, x.found::bigint AS found_cents
FROM credits.payment AS p
LEFT JOIN moved AS m ON m.region_id = p.region_id AND m.payment_id = p.id
LEFT JOIN back AS b ON b.region_id = p.region_id AND b.payment_id = p.id
CROSS JOIN LATERAL (VALUES
    (CASE WHEN p.status IN ('paid', 'refunded') OR p.status = 'pending' AND p.means = 'invoice' THEN p.amount_cents ELSE 0 END,
        coalesce(m.came, 0)),
    (coalesce(b.cents, 0), coalesce(m.went, 0))
) AS x (expected, found)
WHERE x.expected <> x.found
LIMIT $1;

-- name: refunds_above_payment
-- Of each line no more than came in for it.
SELECT p.region_id, p.id AS subject_id, coalesce(p.line_cents[r.line_no], 0)::bigint AS expected_cents, r.cents AS found_cents
FROM (
    SELECT region_id, payment_id, line_no, sum(amount_cents) AS cents FROM credits.refund
    GROUP BY region_id, payment_id, line_no
) AS r
JOIN credits.payment AS p ON p.region_id = r.region_id AND p.id = r.payment_id
WHERE r.cents > coalesce(p.line_cents[r.line_no], 0)
LIMIT $1;

-- name: money_without_reference
-- What a provider or a bank moved has a name there.
SELECT t.region_id, t.id AS subject_id, NULL::bigint AS expected_cents, t.amount_cents AS found_cents
FROM credits.transfer AS t
LEFT JOIN credits.account AS a ON t.kind = 'refund' AND a.region_id = t.region_id AND a.id = t.debit_id
WHERE t.reference IS NULL AND (
    t.kind IN ('capture', 'fee', 'card_payout', 'dispute', 'dispute_won', 'dispute_lost', 'invoice_paid', 'remittance')
    OR t.kind = 'refund' AND a.kind IN ('card', 'bank')
)
LIMIT $1;

-- name: money_between_wrong_accounts
-- Both of one seller, and of the kinds that the transfer is for; what is sold for others stands between the books of both.
SELECT t.region_id, t.id AS subject_id, NULL::bigint AS expected_cents, t.amount_cents AS found_cents
FROM credits.transfer AS t
LEFT JOIN credits.account AS d ON d.region_id = t.region_id AND d.id = t.debit_id
LEFT JOIN credits.account AS c ON c.region_id = t.region_id AND c.id = t.credit_id
WHERE t.kind IN ('capture', 'refund', 'fee', 'card_payout', 'dispute', 'dispute_won', 'dispute_lost', 'receipt', 'rounding',
    'float', 'drop', 'difference', 'invoice', 'invoice_paid', 'credit_note')
    AND (d.owner_id = c.owner_id AND d.legal_entity_id = c.legal_entity_id AND CASE t.kind
        WHEN 'capture' THEN d.kind = 'sale' AND c.kind = 'card'
        WHEN 'receipt' THEN d.kind = 'sale' AND c.kind IN ('till', 'terminal')
        WHEN 'invoice' THEN d.kind = 'sale' AND c.kind = 'invoice'
        WHEN 'refund' THEN d.kind IN ('card', 'till', 'bank') AND c.kind = 'sale'
        WHEN 'credit_note' THEN d.kind IN ('invoice', 'bank') AND c.kind = 'sale'
        WHEN 'invoice_paid' THEN 'invoice' IN (d.kind, c.kind) AND 'bank' IN (d.kind, c.kind)
        WHEN 'fee' THEN 'card' IN (d.kind, c.kind) AND 'fee' IN (d.kind, c.kind)
        WHEN 'card_payout' THEN 'card' IN (d.kind, c.kind) AND 'bank' IN (d.kind, c.kind)
        WHEN 'dispute' THEN d.kind = 'card' AND c.kind = 'disputed'
        WHEN 'dispute_won' THEN d.kind = 'disputed' AND c.kind = 'card'
        WHEN 'dispute_lost' THEN d.kind = 'disputed' AND c.kind = 'sale'
        WHEN 'rounding' THEN 'till' IN (d.kind, c.kind) AND 'rounding' IN (d.kind, c.kind)
        WHEN 'difference' THEN 'till' IN (d.kind, c.kind) AND 'difference' IN (d.kind, c.kind)
        ELSE 'till' IN (d.kind, c.kind) AND ('safe' IN (d.kind, c.kind) OR 'bank' IN (d.kind, c.kind))
    END) IS NOT true
    OR t.kind IN ('sold_for', 'remittance') AND (d.legal_entity_id = c.legal_entity_id AND CASE t.kind
        WHEN 'sold_for' THEN 'owed' IN (d.kind, c.kind) AND 'sold_for' IN (d.kind, c.kind)
        ELSE d.kind = 'bank' AND c.kind = 'owed'
    END) IS NOT true
LIMIT $1;

-- name: money_unlike_transfers
-- Every account of a seller: what its transfers make, against what is rolled up and what still waits for it.
WITH own AS (
    SELECT region_id, id FROM credits.account WHERE kind IN ('sale', 'card', 'till', 'terminal', 'invoice', 'bank', 'safe', 'fee',
        'rounding', 'difference', 'disputed', 'owed', 'sold_for')
), derived AS (
    SELECT x.region_id, x.account_id, sum(x.cents) AS cents
    FROM (
        SELECT t.region_id, t.credit_id AS account_id, t.amount_cents AS cents FROM credits.transfer AS t
        UNION ALL
        SELECT t.region_id, t.debit_id, -t.amount_cents FROM credits.transfer AS t
    ) AS x
    JOIN own AS o ON o.region_id = x.region_id AND o.id = x.account_id
    GROUP BY x.region_id, x.account_id
), waiting AS (
    SELECT region_id, account_id, sum(amount_cents) AS cents FROM credits.entry GROUP BY region_id, account_id
)
SELECT o.region_id, o.id AS subject_id, coalesce(d.cents, 0)::bigint AS expected_cents,
    (coalesce(b.balance_cents, 0) + coalesce(w.cents, 0))::bigint AS found_cents
FROM own AS o
LEFT JOIN derived AS d ON d.region_id = o.region_id AND d.account_id = o.id
LEFT JOIN credits.balance AS b ON b.region_id = o.region_id AND b.account_id = o.id
LEFT JOIN waiting AS w ON w.region_id = o.region_id AND w.account_id = o.id
WHERE coalesce(d.cents, 0) <> coalesce(b.balance_cents, 0) + coalesce(w.cents, 0)
LIMIT $1;

-- name: cards_unexplained
-- Every open cent of a card account: payments, less what went back, what is disputed or lost, what is kept and what was paid out, with what erased
-- years had made of it.
WITH paid AS (
    SELECT region_id, seller_id, sum(amount_cents) AS cents FROM credits.payment
    WHERE means = 'card' AND status IN ('paid', 'refunded')
    GROUP BY region_id, seller_id
), back AS (
    SELECT p.region_id, p.seller_id, sum(r.amount_cents - r.by_bank_cents) AS cents
    FROM credits.refund AS r
    JOIN credits.payment AS p ON p.region_id = r.region_id AND p.id = r.payment_id
    WHERE r.way = 'card' AND r.status = 'done'
    GROUP BY p.region_id, p.seller_id
), contested AS (
    SELECT region_id, seller_id, sum(amount_cents) AS cents FROM credits.dispute WHERE status IN ('open', 'lost')
    GROUP BY region_id, seller_id
), leg AS (
    SELECT s.region_id, s.organiser_id AS seller_id, t.kind, t.amount_cents AS cents
    FROM credits.transfer AS t JOIN credits.seller AS s ON s.region_id = t.region_id AND s.card_account_id = t.credit_id
    UNION ALL
    SELECT s.region_id, s.organiser_id, t.kind, -t.amount_cents
    FROM credits.transfer AS t JOIN credits.seller AS s ON s.region_id = t.region_id AND s.card_account_id = t.debit_id
), stands AS (
    SELECT region_id, seller_id, sum(cents) AS cents, sum(cents) FILTER (WHERE kind IN ('fee', 'card_payout', 'carried')) AS gone FROM leg
    GROUP BY region_id, seller_id
)
SELECT s.region_id, s.card_account_id AS subject_id, x.expected::bigint AS expected_cents, x.found::bigint AS found_cents
FROM credits.seller AS s
LEFT JOIN paid AS p ON p.region_id = s.region_id AND p.seller_id = s.organiser_id
LEFT JOIN back AS b ON b.region_id = s.region_id AND b.seller_id = s.organiser_id
LEFT JOIN contested AS d ON d.region_id = s.region_id AND d.seller_id = s.organiser_id
LEFT JOIN stands AS l ON l.region_id = s.region_id AND l.seller_id = s.organiser_id
CROSS JOIN LATERAL (VALUES (
    coalesce(p.cents, 0) - coalesce(b.cents, 0) - coalesce(d.cents, 0) + coalesce(l.gone, 0), coalesce(l.cents, 0)
)) AS x (expected, found)
WHERE x.expected <> x.found
LIMIT $1;

-- name: disputes_unlike_transfers
WITH leg AS (
    SELECT s.region_id, s.organiser_id, t.amount_cents AS cents
    FROM credits.transfer AS t JOIN credits.seller AS s ON s.region_id = t.region_id AND s.disputed_account_id = t.credit_id
    UNION ALL
    SELECT s.region_id, s.organiser_id, -t.amount_cents
    FROM credits.transfer AS t JOIN credits.seller AS s ON s.region_id = t.region_id AND s.disputed_account_id = t.debit_id
)
SELECT s.region_id, s.disputed_account_id AS subject_id, coalesce(d.cents, 0)::bigint AS expected_cents,
    coalesce(l.cents, 0)::bigint AS found_cents
FROM credits.seller AS s
LEFT JOIN (
    SELECT region_id, seller_id, sum(amount_cents) AS cents FROM credits.dispute WHERE status = 'open' GROUP BY region_id, seller_id
) AS d ON d.region_id = s.region_id AND d.seller_id = s.organiser_id
LEFT JOIN (SELECT region_id, organiser_id, sum(cents) AS cents FROM leg GROUP BY region_id, organiser_id) AS l
    ON l.region_id = s.region_id AND l.organiser_id = s.organiser_id
WHERE coalesce(d.cents, 0) <> coalesce(l.cents, 0)
LIMIT $1;

-- name: sold_for_unlike_payment
SELECT g.id AS region_id, f.payment_id AS subject_id, f.expected_cents, f.found_cents::bigint AS found_cents
FROM uit.region AS g CROSS JOIN LATERAL credits.sold_for_faults(g.id) AS f
LIMIT $1;

-- name: differences_open
SELECT region_id, id AS subject_id, expected_cents, found_cents FROM credits.difference
WHERE closed_at IS NULL
ORDER BY day, id
LIMIT $1;
