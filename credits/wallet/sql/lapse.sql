-- name: lock_due_funds
SELECT f.region_id, f.id
FROM credits.fund AS f
WHERE EXISTS (
    SELECT FROM credits.purse AS p
    WHERE p.region_id = f.region_id AND p.fund_id = f.id AND p.lapses_at <= $1 AND p.available_cents > 0
)
ORDER BY f.region_id, f.id
FOR NO KEY UPDATE OF f SKIP LOCKED;

-- name: lock_due_purses
-- Their wallets are the lock; what they hold is read in a later statement.
SELECT p.region_id, p.id
FROM credits.purse AS p
JOIN credits.wallet AS w ON w.region_id = p.region_id AND w.id = p.wallet_id
JOIN unnest($2::integer[], $3::uuid[]) AS f (region_id, id) ON f.region_id = p.region_id AND f.id = p.fund_id
WHERE p.lapses_at <= $1 AND p.available_cents > 0
LIMIT $4
FOR NO KEY UPDATE OF w SKIP LOCKED;

-- name: write_lapses
WITH due AS (
    SELECT p.region_id, p.id, p.fund_id, p.available_cents AS cents, k.transfer_id
    FROM unnest($1::integer[], $2::uuid[], $3::uuid[]) AS k (region_id, id, transfer_id)
    JOIN credits.purse AS p USING (region_id, id)
    WHERE p.lapses_at <= $4 AND p.available_cents > 0
), emptied AS (
    UPDATE credits.purse AS p
    SET available_cents = p.available_cents - due.cents, lapsed_cents = p.lapsed_cents + due.cents
    FROM due WHERE p.region_id = due.region_id AND p.id = due.id
), total AS (
    SELECT region_id, fund_id, sum(cents)::bigint AS cents FROM due GROUP BY region_id, fund_id
), filled AS (
    UPDATE credits.fund AS f SET available_cents = f.available_cents + total.cents
    FROM total WHERE f.region_id = total.region_id AND f.id = total.fund_id
)
INSERT INTO credits.transfer (region_id, id, kind, debit_id, credit_id, amount_cents, at, purse_id)
SELECT region_id, transfer_id, 'lapse', id, fund_id, cents, $4, id FROM due;
