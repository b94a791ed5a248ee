-- name: insert_accounts
-- In one order, so that two writers who open the same accounts never wait for each other.
INSERT INTO credits.account (region_id, id, kind, owner_id, legal_entity_id)
SELECT $1, r.id, r.kind, r.owner_id, r.legal_entity_id
FROM json_to_recordset($2::json) AS r (id uuid, kind credits.account_kind, owner_id uuid, legal_entity_id uuid)
ORDER BY r.kind, r.owner_id, r.legal_entity_id
ON CONFLICT (region_id, kind, owner_id, legal_entity_id) DO NOTHING;

-- name: insert_pledge
WITH opened AS (
    INSERT INTO credits.fund (region_id, id, programme_id, claim_id, budget_cents, available_cents)
    VALUES ($1, $2, $4, $3, $5::bigint, $5)
)
INSERT INTO credits.transfer (region_id, id, kind, debit_id, credit_id, amount_cents, at)
VALUES ($1, $2, 'pledge', $3, $2, $5, $6);

-- name: lock_funds
SELECT f.id, f.available_cents, a.legal_entity_id
FROM credits.fund AS f
JOIN credits.account AS a ON a.region_id = $1 AND a.id = f.id
WHERE f.region_id = $1 AND f.programme_id = $2
ORDER BY f.id
FOR NO KEY UPDATE OF f;

-- name: insert_wallet
INSERT INTO credits.wallet (region_id, id) VALUES ($1, $2) ON CONFLICT DO NOTHING;

-- name: lock_wallets
SELECT credits.lock_wallets($1, $2);

-- name: lock_grant
-- Of two grants under one id at once, the second waits here. What the first did is read in a later statement.
SELECT pg_advisory_xact_lock(hashtextextended($1::uuid::text, 0));

-- name: read_grant
-- What was done under this id, also after the purse was taken back.
SELECT id, wallet_id, programme_id, granted_cents, lapses_at FROM credits.purse WHERE region_id = $1 AND id = $2;

-- name: was_granted
SELECT EXISTS (
    SELECT 1 FROM credits.purse
    WHERE region_id = $1 AND wallet_id = $2 AND programme_id = $3 AND period = $4 AND returned_cents = 0
);

-- name: insert_grant
WITH filled AS (
    INSERT INTO credits.purse
        (region_id, id, held_account_id, wallet_id, programme_id, version, fund_id, period, granted_cents,
         available_cents, lapses_at, lapse_due_at, granted_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::bigint, $9, $10, $10, $11)
), given AS (
    UPDATE credits.fund SET available_cents = available_cents - $9 WHERE region_id = $1 AND id = $7
)
INSERT INTO credits.transfer (region_id, id, kind, debit_id, credit_id, amount_cents, at, purse_id)
VALUES ($1, $2, 'grant', $7, $2, $9, $11, $2);

-- name: write_resolutions
SELECT credits.write_resolutions($1, $2::json, $3);
