-- name: raise_work_mem
-- For one transaction: the sums of a large ledger stay in memory.
SELECT set_config('work_mem', '128MB', true);

-- name: accounts_missing
SELECT n.region_id, n.account_id AS subject_id, NULL::bigint AS expected_cents, NULL::bigint AS found_cents
FROM (
    SELECT region_id, debit_id AS account_id FROM credits.transfer
    UNION
    SELECT region_id, credit_id FROM credits.transfer
) AS n
WHERE NOT EXISTS (SELECT 1 FROM credits.account AS a WHERE a.region_id = n.region_id AND a.id = n.account_id)
LIMIT 20;

-- name: transfers_between_wrong_accounts
-- What moves through a purse goes from and to the accounts of that purse; a settlement ends with the payee of its hold,
-- in the books of the entity whose credit it was.
SELECT t.region_id, t.id AS subject_id, NULL::bigint AS expected_cents, t.amount_cents AS found_cents
FROM credits.transfer AS t
LEFT JOIN credits.purse AS p ON p.region_id = t.region_id AND p.id = t.purse_id
LEFT JOIN credits.account AS payable
    ON t.kind = 'settle' AND payable.region_id = t.region_id AND payable.id = t.credit_id AND payable.kind = 'payable'
LEFT JOIN credits.transfer AS h ON t.kind = 'settle' AND h.region_id = t.region_id AND h.id = t.hold_id
LEFT JOIN credits.account AS held ON t.kind = 'settle' AND held.region_id = t.region_id AND held.id = t.debit_id
WHERE (CASE t.kind
    WHEN 'grant' THEN t.debit_id = p.fund_id AND t.credit_id = p.id
    WHEN 'hold' THEN t.debit_id = p.id AND t.credit_id = p.held_account_id
    WHEN 'release' THEN t.debit_id = p.held_account_id AND t.credit_id = p.id
    WHEN 'settle' THEN t.debit_id = p.held_account_id AND payable.owner_id = h.payee_id
        AND payable.legal_entity_id = held.legal_entity_id
    WHEN 'lapse' THEN t.debit_id = p.id AND t.credit_id = p.fund_id
    ELSE true
END) IS NOT true
LIMIT 20;

-- name: purses_unlike_transfers
WITH moved AS (
    SELECT t.region_id, t.purse_id,
        sum(t.amount_cents) FILTER (WHERE t.kind = 'grant') AS granted,
        sum(t.amount_cents) FILTER (WHERE t.kind = 'hold') AS held,
        sum(t.amount_cents) FILTER (WHERE t.kind = 'release') AS released,
        sum(t.amount_cents) FILTER (WHERE t.kind = 'settle') AS settled,
        sum(t.amount_cents) FILTER (WHERE t.kind = 'lapse') AS lapsed
    FROM credits.transfer AS t
    WHERE t.purse_id IS NOT NULL
    GROUP BY t.region_id, t.purse_id
), undone AS (
    SELECT t.region_id, t.purse_id,
        sum(t.amount_cents) FILTER (WHERE o.kind = 'grant') AS granted,
        sum(t.amount_cents) FILTER (WHERE o.kind = 'settle') AS settled,
        sum(t.amount_cents) FILTER (WHERE o.kind = 'lapse') AS lapsed
    FROM credits.transfer AS t
    JOIN credits.transfer AS o ON o.region_id = t.region_id AND o.id = t.reverses_id
    WHERE t.kind = 'reversal'
    GROUP BY t.region_id, t.purse_id
), figure AS (
    SELECT p.*,
        coalesce(m.granted, 0) AS g, coalesce(m.held, 0) AS h, coalesce(m.released, 0) AS r,
        coalesce(m.settled, 0) - coalesce(u.settled, 0) AS s, coalesce(m.lapsed, 0) - coalesce(u.lapsed, 0) AS l,
        coalesce(u.granted, 0) AS back
    FROM credits.purse AS p
    LEFT JOIN moved AS m ON m.region_id = p.region_id AND m.purse_id = p.id
    LEFT JOIN undone AS u ON u.region_id = p.region_id AND u.purse_id = p.id
)
SELECT f.region_id, f.id AS subject_id, x.expected::bigint AS expected_cents, x.found AS found_cents
FROM figure AS f
CROSS JOIN LATERAL (VALUES
    (f.g, f.granted_cents),
    (f.g - f.h + f.r - f.l - f.back, f.available_cents),
    (f.h - f.r - f.s, f.held_cents),
    (f.s, f.spent_cents),
    (f.l, f.lapsed_cents),
    (f.back, f.returned_cents)
) AS x (expected, found)
WHERE x.expected <> x.found
LIMIT 20;

-- name: purses_below_zero
SELECT region_id, id AS subject_id, 0::bigint AS expected_cents,
    least(available_cents, held_cents, spent_cents, lapsed_cents, returned_cents) AS found_cents
FROM credits.purse
WHERE least(available_cents, held_cents, spent_cents, lapsed_cents, returned_cents) < 0
LIMIT 20;

-- name: funds_unlike_transfers
-- Both what is left to give and the budget itself.
WITH leg AS (
    SELECT t.region_id, t.credit_id AS fund_id, t.amount_cents, t.kind
    FROM credits.transfer AS t WHERE t.kind NOT IN ('hold', 'settle', 'release')
    UNION ALL
    SELECT t.region_id, t.debit_id, -t.amount_cents, t.kind
    FROM credits.transfer AS t WHERE t.kind NOT IN ('hold', 'settle', 'release')
), moved AS (
    SELECT region_id, fund_id, sum(amount_cents) AS cents,
        sum(amount_cents) FILTER (WHERE kind IN ('pledge', 'return')) AS budget
    FROM leg GROUP BY region_id, fund_id
)
SELECT f.region_id, f.id AS subject_id, x.expected::bigint AS expected_cents, x.found AS found_cents
FROM credits.fund AS f
LEFT JOIN moved AS m ON m.region_id = f.region_id AND m.fund_id = f.id
CROSS JOIN LATERAL (VALUES
    (coalesce(m.cents, 0), f.available_cents), (coalesce(m.budget, 0), f.budget_cents)
) AS x (expected, found)
WHERE x.expected <> x.found
LIMIT 20;

-- name: holds_resolved_wrongly
WITH moved AS (
    SELECT region_id, hold_id, count(*) AS legs,
        coalesce(sum(amount_cents) FILTER (WHERE kind = 'settle'), 0) AS settled,
        coalesce(sum(amount_cents) FILTER (WHERE kind = 'release'), 0) AS released
    FROM credits.transfer WHERE hold_id IS NOT NULL
    GROUP BY region_id, hold_id
)
SELECT coalesce(r.region_id, m.region_id) AS region_id, coalesce(r.hold_id, m.hold_id) AS subject_id,
    h.amount_cents AS expected_cents, (coalesce(m.settled, 0) + coalesce(m.released, 0))::bigint AS found_cents
FROM credits.resolution AS r
FULL JOIN moved AS m ON m.region_id = r.region_id AND m.hold_id = r.hold_id
LEFT JOIN credits.transfer AS h
    ON h.region_id = coalesce(r.region_id, m.region_id) AND h.id = coalesce(r.hold_id, m.hold_id) AND h.kind = 'hold'
WHERE (r.settled_cents + r.released_cents = h.amount_cents
    AND m.settled = r.settled_cents AND m.released = r.released_cents) IS NOT true
LIMIT 20;

-- name: programmes_unbalanced
WITH issued AS (
    SELECT t.region_id, f.programme_id, sum(t.amount_cents) AS cents
    FROM credits.transfer AS t
    JOIN credits.fund AS f ON f.region_id = t.region_id AND f.id = t.debit_id
    WHERE t.kind = 'grant'
    GROUP BY t.region_id, f.programme_id
), somewhere AS (
    SELECT region_id, programme_id,
        sum(available_cents + held_cents + spent_cents + lapsed_cents + returned_cents) AS cents
    FROM credits.purse
    GROUP BY region_id, programme_id
)
SELECT p.region_id, p.id AS subject_id, coalesce(i.cents, 0)::bigint AS expected_cents,
    coalesce(s.cents, 0)::bigint AS found_cents
FROM credits.programme AS p
LEFT JOIN issued AS i ON i.region_id = p.region_id AND i.programme_id = p.id
LEFT JOIN somewhere AS s ON s.region_id = p.region_id AND s.programme_id = p.id
WHERE coalesce(i.cents, 0) <> coalesce(s.cents, 0)
LIMIT 20;

-- name: payables_unlike_transfers
-- What was earned less what was paid, with what erased years had made of it, against what is rolled up and what still waits.
WITH leg AS (
    SELECT t.region_id, t.credit_id AS account_id, t.amount_cents
    FROM credits.transfer AS t WHERE t.kind IN ('settle', 'reversal', 'carried')
    UNION ALL
    SELECT t.region_id, t.debit_id, -t.amount_cents
    FROM credits.transfer AS t WHERE t.kind IN ('payout', 'reversal', 'carried')
), derived AS (
    SELECT region_id, account_id, sum(amount_cents) AS cents FROM leg GROUP BY region_id, account_id
), waiting AS (
    SELECT region_id, account_id, sum(amount_cents) AS cents FROM credits.entry GROUP BY region_id, account_id
)
SELECT a.region_id, a.id AS subject_id, coalesce(d.cents, 0)::bigint AS expected_cents,
    (coalesce(b.balance_cents, 0) + coalesce(w.cents, 0))::bigint AS found_cents
FROM credits.account AS a
LEFT JOIN derived AS d ON d.region_id = a.region_id AND d.account_id = a.id
LEFT JOIN credits.balance AS b ON b.region_id = a.region_id AND b.account_id = a.id
LEFT JOIN waiting AS w ON w.region_id = a.region_id AND w.account_id = a.id
WHERE a.kind = 'payable' AND coalesce(d.cents, 0) <> coalesce(b.balance_cents, 0) + coalesce(w.cents, 0)
LIMIT 20;

-- name: reversals_unlike_original
SELECT t.region_id, t.id AS subject_id, o.amount_cents AS expected_cents, t.amount_cents AS found_cents
FROM credits.transfer AS t
LEFT JOIN credits.transfer AS o ON o.region_id = t.region_id AND o.id = t.reverses_id
WHERE t.kind = 'reversal'
    AND (o.kind <> 'reversal' AND o.debit_id = t.credit_id AND o.credit_id = t.debit_id
        AND o.amount_cents = t.amount_cents AND o.purse_id IS NOT DISTINCT FROM t.purse_id) IS NOT true
LIMIT 20;

-- name: till_sessions_unlike_movements
-- What a closing says the books expected, what it left, and what the next session of that till began with. Of a session that was
-- opened in a year that was erased, rows may be gone.
WITH erased AS (
    SELECT k.region_id, k.id AS till_id, credits.year_end(max(y.year)) AS until
    FROM credits.till AS k
    JOIN credits.seller AS s ON s.region_id = k.region_id AND s.organiser_id = k.seller_id
    JOIN credits.year_close AS y
        ON y.region_id = k.region_id AND y.legal_entity_id = s.legal_entity_id AND y.erased_at IS NOT NULL
    GROUP BY k.region_id, k.id
), drawer AS (
    SELECT s.region_id, s.id, s.carried_cents
        + coalesce((SELECT sum(m.amount_cents) FROM credits.till_movement AS m
            WHERE m.region_id = s.region_id AND m.till_session_id = s.id), 0)
        + coalesce((SELECT sum(r.rounding_cents) FROM credits.receipt AS r
            WHERE r.region_id = s.region_id AND r.till_session_id = s.id), 0)
        + coalesce((SELECT sum(t.amount_cents) FROM credits.receipt AS r
            JOIN credits.tender AS t ON t.region_id = r.region_id AND t.receipt_id = r.id AND t.means = 'cash'
            WHERE r.region_id = s.region_id AND r.till_session_id = s.id), 0) AS cents
    FROM credits.till_session AS s
)
SELECT s.region_id, s.id AS subject_id, x.expected::bigint AS expected_cents, x.found AS found_cents
FROM credits.till_session AS s
JOIN drawer AS d ON d.region_id = s.region_id AND d.id = s.id
LEFT JOIN credits.till_session AS before
    ON before.region_id = s.region_id AND before.till_id = s.till_id AND before.no = s.no - 1
LEFT JOIN erased AS e ON e.region_id = s.region_id AND e.till_id = s.till_id
CROSS JOIN LATERAL (VALUES
    (d.cents, s.left_cents), (CASE s.no WHEN 1 THEN 0 ELSE before.left_cents END, s.carried_cents),
    (CASE WHEN s.closed_at IS NULL THEN d.cents END, s.expected_cents)
) AS x (expected, found)
WHERE x.expected <> x.found AND (s.opened_at < e.until) IS NOT true
LIMIT 20;

-- name: tills_unlike_transfers
-- The till account of a seller holds what its drawers hold: each its last session.
WITH leg AS (
    SELECT t.region_id, t.credit_id AS account_id, t.amount_cents FROM credits.transfer AS t
    UNION ALL
    SELECT t.region_id, t.debit_id, -t.amount_cents FROM credits.transfer AS t
), held AS (
    SELECT t.region_id, t.seller_id, sum(coalesce(last.left_cents, d.cents)) AS cents
    FROM credits.till AS t
    CROSS JOIN LATERAL (
        SELECT s.id, s.left_cents FROM credits.till_session AS s
        WHERE s.region_id = t.region_id AND s.till_id = t.id ORDER BY s.no DESC LIMIT 1
    ) AS last
    CROSS JOIN LATERAL credits.drawer_cents(t.region_id, ARRAY[last.id]) AS d
    GROUP BY t.region_id, t.seller_id
)
SELECT s.region_id, s.till_account_id AS subject_id, coalesce(l.cents, 0)::bigint AS expected_cents,
    coalesce(h.cents, 0)::bigint AS found_cents
FROM credits.seller AS s
LEFT JOIN held AS h ON h.region_id = s.region_id AND h.seller_id = s.organiser_id
LEFT JOIN (SELECT region_id, account_id, sum(amount_cents) AS cents FROM leg GROUP BY region_id, account_id) AS l
    ON l.region_id = s.region_id AND l.account_id = s.till_account_id
WHERE coalesce(l.cents, 0) <> coalesce(h.cents, 0)
LIMIT 20;

-- name: receipts_numbered_with_gaps
-- Numbers begin at 1 and skip none, so the last one is also how many there are. In a year that was erased, some may be gone.
SELECT coalesce(s.region_id, r.region_id) AS region_id, coalesce(s.seller_id, r.seller_id) AS subject_id,
    s.last_no::bigint AS expected_cents, r.count AS found_cents
FROM credits.receipt_series AS s
FULL JOIN (
    SELECT region_id, seller_id, year, count(*) AS count, max(no) AS last_no FROM credits.receipt
    GROUP BY region_id, seller_id, year
) AS r ON r.region_id = s.region_id AND r.seller_id = s.seller_id AND r.year = s.year
WHERE (s.last_no = r.count AND s.last_no = r.last_no) IS NOT true
    AND NOT EXISTS (
        SELECT 1 FROM credits.seller AS o
        JOIN credits.year_close AS y
            ON y.region_id = o.region_id AND y.legal_entity_id = o.legal_entity_id AND y.erased_at IS NOT NULL
        WHERE o.region_id = coalesce(s.region_id, r.region_id) AND o.organiser_id = coalesce(s.seller_id, r.seller_id)
            AND y.year >= coalesce(s.year, r.year)
    )
LIMIT 20;

-- name: till_rows_unlike_transfers
-- Whatever is paid, rounded or moved at a till is a transfer of that amount under the same id, and the other way round.
WITH kept AS (
    SELECT t.region_id, t.id, t.amount_cents::bigint AS cents, 'receipt' AS kind
    FROM credits.tender AS t WHERE t.means <> 'credit'
    UNION ALL
    SELECT r.region_id, r.rounding_id, abs(r.rounding_cents), 'rounding' FROM credits.receipt AS r WHERE r.rounding_cents <> 0
    UNION ALL
    SELECT m.region_id, m.id, abs(m.amount_cents), m.kind::text FROM credits.till_movement AS m
), moved AS (
    SELECT t.region_id, t.id, t.amount_cents, t.kind::text AS kind
    FROM credits.transfer AS t
    WHERE t.kind IN ('receipt', 'rounding', 'float', 'drop', 'difference') OR t.kind <> 'carried' AND EXISTS (
        SELECT 1 FROM credits.seller AS s
        WHERE s.region_id = t.region_id AND s.till_account_id IN (t.debit_id, t.credit_id)
    )
)
SELECT coalesce(k.region_id, m.region_id) AS region_id, coalesce(k.id, m.id) AS subject_id, k.cents AS expected_cents,
    m.amount_cents AS found_cents
FROM kept AS k
FULL JOIN moved AS m ON m.region_id = k.region_id AND m.id = k.id
WHERE (k.cents = m.amount_cents AND k.kind = m.kind) IS NOT true
LIMIT 20;

-- name: receipts_not_paid
SELECT r.region_id, r.id AS subject_id, x.expected::bigint AS expected_cents, r.total_cents::bigint AS found_cents
FROM credits.receipt AS r
CROSS JOIN LATERAL (
    SELECT coalesce(sum(l.amount_cents), 0) FROM credits.receipt_line AS l
    WHERE l.region_id = r.region_id AND l.receipt_id = r.id
    UNION ALL
    SELECT coalesce(sum(t.amount_cents), 0) FROM credits.tender AS t
    WHERE t.region_id = r.region_id AND t.receipt_id = r.id
) AS x (expected)
WHERE x.expected <> r.total_cents
LIMIT 20;

-- name: closing_balances_unlike_transfers
-- What was closed is what the transfers until then still make: of the years that were erased, the last one with what it carried.
WITH closed AS (
    SELECT y.region_id, y.legal_entity_id, y.year, credits.year_end(y.year) AS until
    FROM credits.year_close AS y
    WHERE y.confirmed_at IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM credits.year_close AS n
        WHERE n.region_id = y.region_id AND n.legal_entity_id = y.legal_entity_id AND n.year > y.year AND n.erased_at IS NOT NULL
    )
), leg AS (
    SELECT t.region_id, t.credit_id AS account_id, t.amount_cents AS cents, t.at FROM credits.transfer AS t
    UNION ALL
    SELECT t.region_id, t.debit_id, -t.amount_cents, t.at FROM credits.transfer AS t
), derived AS (
    SELECT c.region_id, c.year, a.id AS account_id, sum(l.cents) AS cents
    FROM closed AS c
    JOIN credits.account AS a ON a.region_id = c.region_id AND a.legal_entity_id = c.legal_entity_id AND a.kind <> 'clearing'
    JOIN leg AS l ON l.region_id = a.region_id AND l.account_id = a.id AND l.at < c.until
    GROUP BY c.region_id, c.year, a.id
), kept AS (
    SELECT b.region_id, b.year, b.account_id, b.balance_cents AS cents
    FROM closed AS c
    JOIN credits.closing_balance AS b
        ON b.region_id = c.region_id AND b.legal_entity_id = c.legal_entity_id AND b.year = c.year
)
SELECT coalesce(d.region_id, k.region_id) AS region_id, coalesce(d.account_id, k.account_id) AS subject_id,
    coalesce(d.cents, 0)::bigint AS expected_cents, coalesce(k.cents, 0) AS found_cents
FROM derived AS d
FULL JOIN kept AS k ON k.region_id = d.region_id AND k.year = d.year AND k.account_id = d.account_id
WHERE coalesce(d.cents, 0) <> coalesce(k.cents, 0)
LIMIT 20;

-- name: payables_below_zero
-- An organiser that owes something back: allowed, and netted by a later payout, but a person should know.
SELECT a.region_id, a.id AS subject_id, 0::bigint AS expected_cents,
    (coalesce(b.balance_cents, 0) + coalesce(w.cents, 0))::bigint AS found_cents
FROM credits.account AS a
LEFT JOIN credits.balance AS b ON b.region_id = a.region_id AND b.account_id = a.id
LEFT JOIN (
    SELECT region_id, account_id, sum(amount_cents) AS cents FROM credits.entry GROUP BY region_id, account_id
) AS w ON w.region_id = a.region_id AND w.account_id = a.id
WHERE a.kind = 'payable' AND coalesce(b.balance_cents, 0) + coalesce(w.cents, 0) < 0
LIMIT 20;

-- name: invoices_unlike_transfers
-- What an invoice says was asked, paid and credited, against its transfers.
WITH moved AS (
    SELECT t.region_id, t.payment_id,
        coalesce(sum(t.amount_cents) FILTER (WHERE t.kind = 'invoice'), 0) AS asked,
        coalesce(sum(t.amount_cents * CASE WHEN t.debit_id = s.invoice_account_id THEN 1 ELSE -1 END)
            FILTER (WHERE t.kind = 'invoice_paid'), 0) AS paid,
        coalesce(sum(t.amount_cents) FILTER (WHERE t.kind = 'credit_note'), 0) AS credited
    FROM credits.transfer AS t
    JOIN credits.payment AS p ON p.region_id = t.region_id AND p.id = t.payment_id
    JOIN credits.seller AS s ON s.region_id = t.region_id AND s.organiser_id = p.seller_id
    WHERE t.kind IN ('invoice', 'invoice_paid', 'credit_note')
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
LIMIT 20;

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
LIMIT 20;
