-- name: roll_up_entries
-- An entry and its part of the balance change places in one statement: nobody sees it twice, or not at all.
WITH next AS (
    SELECT region_id, account_id, transfer_id FROM credits.entry
    ORDER BY region_id, account_id, transfer_id
    LIMIT $2
    FOR UPDATE SKIP LOCKED
), gone AS (
    DELETE FROM credits.entry AS e USING next
    WHERE e.region_id = next.region_id AND e.account_id = next.account_id AND e.transfer_id = next.transfer_id
    RETURNING e.region_id, e.account_id, e.amount_cents
), added AS (
    INSERT INTO credits.balance AS b (region_id, account_id, balance_cents, rolled_up_at)
    SELECT region_id, account_id, sum(amount_cents)::bigint, $1::timestamptz FROM gone
    GROUP BY region_id, account_id
    ORDER BY region_id, account_id
    ON CONFLICT (region_id, account_id) DO UPDATE
    SET balance_cents = b.balance_cents + excluded.balance_cents, rolled_up_at = excluded.rolled_up_at
)
SELECT count(*)::integer FROM gone;
