-- name: find_due
SELECT region_id, id, fund_id FROM credits.purse WHERE lapse_due_at <= $1 ORDER BY lapse_due_at, region_id LIMIT $2;

-- name: lock_funds
SELECT FROM credits.fund WHERE region_id = $1 AND id = ANY ($2) ORDER BY id FOR NO KEY UPDATE;

-- name: lock_purses
-- Their wallets are the lock; what they hold is read in a later statement.
SELECT p.id
FROM credits.purse AS p
JOIN credits.wallet AS w ON w.region_id = $1 AND w.id = p.wallet_id
WHERE p.region_id = $1 AND p.id = ANY ($2) AND p.lapse_due_at <= $3
ORDER BY w.id
FOR NO KEY UPDATE OF w SKIP LOCKED;

-- name: write_lapses
WITH due AS (
    SELECT p.id, p.fund_id, p.available_cents AS cents, k.transfer_id
    FROM unnest($2::uuid[], $3::uuid[]) AS k (id, transfer_id)
    JOIN credits.purse AS p ON p.region_id = $1 AND p.id = k.id
    WHERE p.lapses_at <= $4 AND p.available_cents > 0
), emptied AS (
    UPDATE credits.purse AS p
    SET available_cents = p.available_cents - due.cents, lapsed_cents = p.lapsed_cents + due.cents
    FROM due WHERE p.region_id = $1 AND p.id = due.id
), total AS (
    SELECT fund_id, sum(cents)::bigint AS cents FROM due GROUP BY fund_id
), filled AS (
    UPDATE credits.fund AS f SET available_cents = f.available_cents + total.cents
    FROM total WHERE f.region_id = $1 AND f.id = total.fund_id
)
INSERT INTO credits.transfer (region_id, id, kind, debit_id, credit_id, amount_cents, at, purse_id)
SELECT $1, transfer_id, 'lapse', id, fund_id, cents, $4, id FROM due;

-- name: finish
-- What is held waits: when something of it comes back, the purse is due again.
UPDATE credits.purse SET lapse_due_at = NULL WHERE region_id = $1 AND id = ANY ($2) AND lapses_at <= $3;
