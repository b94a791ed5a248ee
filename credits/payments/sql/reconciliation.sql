-- name: claim_account
-- Of every region: the account that is due for longest, lent to one worker. Who has the first of its sellers has the account;
-- what is sold meanwhile neither waits for it nor hides it.
WITH next AS (
    SELECT s.card_account FROM credits.seller AS s
    WHERE s.card_account IS NOT NULL AND s.card_left_at IS NULL AND (s.reconcile_due_at IS NULL OR s.reconcile_due_at <= $1)
        AND NOT EXISTS (
            SELECT 1 FROM credits.seller AS earlier
            WHERE earlier.card_account = s.card_account AND earlier.card_left_at IS NULL
                AND (earlier.region_id, earlier.organiser_id) < (s.region_id, s.organiser_id)
        )
    ORDER BY s.reconcile_due_at NULLS FIRST, s.card_account
    LIMIT 1
    FOR NO KEY UPDATE OF s SKIP LOCKED
), claimed AS (
    UPDATE credits.seller AS s SET reconcile_due_at = $2
    FROM next WHERE s.card_account = next.card_account
    RETURNING s.card_account, s.reconciled_on
)
SELECT card_account AS account, min(reconciled_on) AS reconciled_on FROM claimed GROUP BY card_account;

-- name: put_off_account
UPDATE credits.seller SET reconcile_due_at = $2 WHERE card_account = $1;

-- name: accounts_with_cards
SELECT card_account AS account, min(reconciled_on) AS reconciled_on FROM credits.seller
WHERE card_account IS NOT NULL AND card_left_at IS NULL
GROUP BY card_account ORDER BY card_account;

-- name: sellers_of_account
SELECT region_id, organiser_id AS seller_id FROM credits.seller WHERE card_account = $1 ORDER BY region_id, organiser_id;

-- name: store_provider_entries
SELECT credits.store_provider_entries($1, $2::json, $3);

-- name: compare_provider
SELECT credits.compare_provider($1, $2, $3, $4, $5, $6);
