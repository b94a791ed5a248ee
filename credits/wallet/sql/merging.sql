-- name: find_double_grants
-- Of two wallets, what both were given.
SELECT p.name AS programme, g.period, k.available_cents AS first_cents, g.available_cents AS second_cents
FROM credits.purse AS g
JOIN credits.purse AS k ON k.region_id = $1 AND k.wallet_id = $2 AND k.programme_id = g.programme_id AND k.period = g.period
    AND k.returned_cents = 0
JOIN credits.programme AS p ON p.region_id = $1 AND p.id = g.programme_id
WHERE g.region_id = $1 AND g.wallet_id = $3 AND g.returned_cents = 0
ORDER BY p.name, g.period;

-- name: move_purses
WITH moved AS (
    UPDATE credits.purse AS g SET wallet_id = $3
    WHERE g.region_id = $1 AND g.wallet_id = $2 AND (g.returned_cents > 0 OR NOT EXISTS (
        SELECT 1 FROM credits.purse AS k
        WHERE k.region_id = $1 AND k.wallet_id = $3 AND k.programme_id = g.programme_id AND k.period = g.period
            AND k.returned_cents = 0
    ))
    RETURNING g.id
)
SELECT coalesce(array_agg(id), '{}') FROM moved;

-- name: move_purses_back
UPDATE credits.purse SET wallet_id = $3 WHERE region_id = $1 AND wallet_id = $2 AND id = ANY ($4);

-- name: is_spent_since
SELECT EXISTS (
    SELECT 1 FROM credits.transfer WHERE region_id = $1 AND purse_id = ANY ($2) AND kind = 'hold' AND at > $3
);
