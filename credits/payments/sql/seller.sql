-- name: read_seller
SELECT s.organiser_id, o.name, o.enterprise_number AS number, s.agent_id, s.mandate_id, s.card_account, s.card_open,
    s.card_missing, s.desk_hours, s.desk_before_minutes, s.invoices, s.cancel_fee_cents, s.signatories,
    s.card_left_at
FROM credits.seller AS s
JOIN organisers.organiser AS o ON o.region_id = $1 AND o.id = s.organiser_id
WHERE s.region_id = $1 AND s.organiser_id = $2;

-- name: find_entity
-- The legal entity that an organiser is, where the region keeps books of it already.
SELECT l.id FROM credits.legal_entity AS l
JOIN organisers.organiser AS o ON o.region_id = $1 AND o.id = $2 AND o.enterprise_number = l.enterprise_number
WHERE l.region_id = $1;

-- name: insert_entity
INSERT INTO credits.legal_entity (region_id, id, name, enterprise_number)
SELECT $1, $2, o.name, o.enterprise_number FROM organisers.organiser AS o WHERE o.region_id = $1 AND o.id = $3;

-- name: insert_seller
-- With the accounts that were opened for it, which may be those of an earlier attempt.
INSERT INTO credits.seller
    (region_id, organiser_id, legal_entity_id, sale_account_id, card_account_id, till_account_id, terminal_account_id,
     invoice_account_id, bank_account_id, safe_account_id, fee_account_id, rounding_account_id, difference_account_id,
     disputed_account_id)
SELECT $1, $2, $3, (a.ids ->> 'sale')::uuid, (a.ids ->> 'card')::uuid, (a.ids ->> 'till')::uuid,
    (a.ids ->> 'terminal')::uuid, (a.ids ->> 'invoice')::uuid, (a.ids ->> 'bank')::uuid, (a.ids ->> 'safe')::uuid,
    (a.ids ->> 'fee')::uuid, (a.ids ->> 'rounding')::uuid, (a.ids ->> 'difference')::uuid, (a.ids ->> 'disputed')::uuid
FROM (
    SELECT jsonb_object_agg(kind, id) AS ids FROM credits.account
    WHERE region_id = $1 AND owner_id = $2 AND legal_entity_id = $3
) AS a
ON CONFLICT (region_id, organiser_id) DO NOTHING;

-- name: write_ways
-- Invoices stay as they are where $5 is null.
UPDATE credits.seller SET desk_hours = $3, desk_before_minutes = $4, invoices = coalesce($5, invoices), cancel_fee_cents = $6
WHERE region_id = $1 AND organiser_id = $2;

-- name: write_card
-- What the provider says of the account, as last read back.
UPDATE credits.seller SET card_account = $3, card_open = $4, card_missing = $5, card_read_at = $6, card_left_at = NULL
WHERE region_id = $1 AND organiser_id = $2;

-- name: leave_card
-- It is kept by which account it was: its payments are there.
UPDATE credits.seller
SET card_open = false, card_missing = '{}', card_read_at = $4, card_left_at = coalesce(card_left_at, $4)
WHERE region_id = $1 AND organiser_id = $2 AND card_account = $3;

-- name: write_signatories
-- Who signs for an association without legal personality.
UPDATE credits.seller SET signatories = $3 WHERE region_id = $1 AND organiser_id = $2;
