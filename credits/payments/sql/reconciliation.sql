-- name: accounts_due
-- Of all regions: the accounts that are due, for longest first. Who has the first of its sellers has the account; what is sold
-- meanwhile neither waits for it nor hides it. Nothing is locked.
SELECT first.region_id, first.seller_id, first.account, done.reconciled_on
FROM (
    SELECT DISTINCT ON (s.card_account) s.card_account AS account, s.region_id, s.organiser_id AS seller_id, s.reconcile_due_at
    FROM credits.seller AS s
    WHERE s.card_account IS NOT NULL AND s.card_left_at IS NULL
    ORDER BY s.card_account, s.region_id, s.organiser_id
) AS first
JOIN (
    SELECT d.card_account AS account, min(d.reconciled_on) AS reconciled_on FROM credits.seller AS d GROUP BY d.card_account
) AS done ON done.account = first.account
WHERE first.reconcile_due_at IS NULL OR first.reconcile_due_at <= $1
ORDER BY first.reconcile_due_at NULLS FIRST, first.account
LIMIT $2;

-- name: claim_account
-- The account of this seller, when it is still due and no other worker has it. $5: until when it is lent.
WITH free AS (
    SELECT organiser_id FROM credits.seller
    WHERE region_id = $1 AND organiser_id = $2 AND card_account = $3 AND card_left_at IS NULL
        AND (reconcile_due_at IS NULL OR reconcile_due_at <= $4)
    FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE credits.seller AS s SET reconcile_due_at = $5
FROM free
WHERE s.region_id = $1 AND s.organiser_id = free.organiser_id;

-- name: put_off_account
UPDATE credits.seller SET reconcile_due_at = $3 WHERE region_id = $1 AND organiser_id = $2;

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
