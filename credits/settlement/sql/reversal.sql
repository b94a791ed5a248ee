-- name: lock_fund
SELECT FROM credits.fund AS f
WHERE f.region_id = $1 AND f.id = (
    SELECT p.fund_id FROM credits.transfer AS t
    JOIN credits.purse AS p ON p.region_id = $1 AND p.id = t.purse_id
    WHERE t.region_id = $1 AND t.id = $2
)
FOR NO KEY UPDATE OF f;

-- name: read_wallet_id
SELECT p.wallet_id FROM credits.transfer AS t
JOIN credits.purse AS p ON p.region_id = $1 AND p.id = t.purse_id
WHERE t.region_id = $1 AND t.id = $2;

-- name: read_subject
SELECT t.kind, t.amount_cents, p.wallet_id, p.fund_id, r.id AS reversal_id, p.available_cents,
    f.available_cents AS fund_available_cents,
    (coalesce(b.balance_cents, 0) + coalesce(e.cents, 0))::bigint AS earned_cents
FROM credits.transfer AS t
LEFT JOIN credits.purse AS p ON p.region_id = $1 AND p.id = t.purse_id
LEFT JOIN credits.fund AS f ON f.region_id = $1 AND f.id = p.fund_id
LEFT JOIN credits.transfer AS r ON r.region_id = $1 AND r.reverses_id = t.id
LEFT JOIN credits.balance AS b ON b.region_id = $1 AND b.account_id = t.credit_id
LEFT JOIN LATERAL (
    SELECT sum(e.amount_cents) AS cents FROM credits.entry AS e
    WHERE e.region_id = $1 AND e.account_id = t.credit_id
) AS e ON true
WHERE t.region_id = $1 AND t.id = $2;

-- name: reverse_grant
WITH undone AS (
    INSERT INTO credits.transfer
        (region_id, id, kind, debit_id, credit_id, amount_cents, at, purse_id, reverses_id, reason)
    SELECT $1, $2, 'reversal', credit_id, debit_id, amount_cents, $5, purse_id, id, $4
    FROM credits.transfer WHERE region_id = $1 AND id = $3
    RETURNING purse_id, credit_id AS fund_id, amount_cents
), emptied AS (
    UPDATE credits.purse AS p
    SET available_cents = p.available_cents - u.amount_cents, returned_cents = p.returned_cents + u.amount_cents
    FROM undone AS u WHERE p.region_id = $1 AND p.id = u.purse_id
)
UPDATE credits.fund AS f SET available_cents = f.available_cents + u.amount_cents
FROM undone AS u WHERE f.region_id = $1 AND f.id = u.fund_id;

-- name: reverse_settlement
-- The hold itself stays resolved, so what comes back to the held account goes on to the purse.
WITH undone AS (
    INSERT INTO credits.transfer
        (region_id, id, kind, debit_id, credit_id, amount_cents, at, purse_id, booking_id, line_no, reverses_id, reason)
    SELECT $1, $2, 'reversal', credit_id, debit_id, amount_cents, $5, purse_id, booking_id, line_no, id, $4
    FROM credits.transfer WHERE region_id = $1 AND id = $3
    RETURNING *
), released AS (
    INSERT INTO credits.transfer
        (region_id, id, kind, debit_id, credit_id, amount_cents, at, purse_id, booking_id, line_no)
    SELECT $1, $6, 'release', credit_id, purse_id, amount_cents, at, purse_id, booking_id, line_no FROM undone
), unearned AS (
    INSERT INTO credits.entry (region_id, account_id, transfer_id, amount_cents)
    SELECT $1, debit_id, id, -amount_cents FROM undone
)
UPDATE credits.purse AS p
SET spent_cents = p.spent_cents - u.amount_cents, available_cents = p.available_cents + u.amount_cents,
    lapse_due_at = coalesce(p.lapse_due_at, p.lapses_at)
FROM undone AS u WHERE p.region_id = $1 AND p.id = u.purse_id;

-- name: reverse_lapse
WITH undone AS (
    INSERT INTO credits.transfer
        (region_id, id, kind, debit_id, credit_id, amount_cents, at, purse_id, reverses_id, reason)
    SELECT $1, $2, 'reversal', credit_id, debit_id, amount_cents, $5, purse_id, id, $4
    FROM credits.transfer WHERE region_id = $1 AND id = $3
    RETURNING purse_id, debit_id AS fund_id, amount_cents
), filled AS (
    UPDATE credits.purse AS p
    SET available_cents = p.available_cents + u.amount_cents, lapsed_cents = p.lapsed_cents - u.amount_cents,
        lapse_due_at = coalesce(p.lapse_due_at, p.lapses_at)
    FROM undone AS u WHERE p.region_id = $1 AND p.id = u.purse_id
)
UPDATE credits.fund AS f SET available_cents = f.available_cents - u.amount_cents
FROM undone AS u WHERE f.region_id = $1 AND f.id = u.fund_id;
