-- name: allow_long_reading
-- For one transaction: the sums of a large ledger stay in memory, and may take minutes.
SELECT set_config('work_mem', '128MB', true), set_config('statement_timeout', '10min', true);

-- name: accounts_missing
SELECT n.region_id, n.account_id AS subject_id, NULL::bigint AS expected_cents, NULL::bigint AS found_cents
FROM (
    SELECT region_id, debit_id AS account_id FROM credits.transfer
    UNION
    SELECT region_id, credit_id FROM credits.transfer
) AS n
WHERE NOT EXISTS (SELECT 1 FROM credits.account AS a WHERE a.region_id = n.region_id AND a.id = n.account_id)
LIMIT $1;

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
LIMIT $1;

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
LIMIT $1;

-- name: purses_below_zero
SELECT region_id, id AS subject_id, 0::bigint AS expected_cents,
    least(available_cents, held_cents, spent_cents, lapsed_cents, returned_cents) AS found_cents
FROM credits.purse
WHERE least(available_cents, held_cents, spent_cents, lapsed_cents, returned_cents) < 0
LIMIT $1;

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
LIMIT $1;

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
LIMIT $1;

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
LIMIT $1;

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
LIMIT $1;

-- name: reversals_unlike_original
SELECT t.region_id, t.id AS subject_id, o.amount_cents AS expected_cents, t.amount_cents AS found_cents
FROM credits.transfer AS t
LEFT JOIN credits.transfer AS o ON o.region_id = t.region_id AND o.id = t.reverses_id
WHERE t.kind = 'reversal'
    AND (o.kind <> 'reversal' AND o.debit_id = t.credit_id AND o.credit_id = t.debit_id
        AND o.amount_cents = t.amount_cents AND o.purse_id IS NOT DISTINCT FROM t.purse_id) IS NOT true
LIMIT $1;

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
LIMIT $1;

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
LIMIT $1;
