-- name: regions_with_entries
SELECT DISTINCT region_id FROM credits.entry ORDER BY region_id;

-- name: roll_up_entries
-- An entry and its part of the balance change places in one statement: nobody sees it twice, or not at all.
WITH next AS (
    SELECT account_id, transfer_id FROM credits.entry
    WHERE region_id = $1
    ORDER BY account_id, transfer_id
    LIMIT $3
    FOR UPDATE SKIP LOCKED
), gone AS (
    DELETE FROM credits.entry AS e USING next
    WHERE e.region_id = $1 AND e.account_id = next.account_id AND e.transfer_id = next.transfer_id
    RETURNING e.account_id, e.amount_cents
), added AS (
    INSERT INTO credits.balance AS b (region_id, account_id, balance_cents, rolled_up_at)
    SELECT $1, account_id, sum(amount_cents)::bigint, $2::timestamptz FROM gone
    GROUP BY account_id
    ORDER BY account_id
    ON CONFLICT (region_id, account_id) DO UPDATE
    SET balance_cents = b.balance_cents + excluded.balance_cents, rolled_up_at = excluded.rolled_up_at
)
SELECT count(*)::integer FROM gone;
