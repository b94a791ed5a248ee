-- name: read_enterprise_number
SELECT enterprise_number FROM organisers.organiser WHERE region_id = $1 AND id = $2;

-- name: lock_selling
-- A payment refers to who sells, and a till opens under the lock of its till: both wait here. What is in the books is
-- read in a later statement.
WITH selling AS (
    SELECT s.organiser_id FROM credits.seller AS s WHERE s.region_id = $1 AND s.organiser_id = $2 FOR UPDATE
)
SELECT t.id FROM selling
JOIN credits.till AS t ON t.region_id = $1 AND t.seller_id = selling.organiser_id
ORDER BY t.id
FOR UPDATE OF t;

-- name: read_books
SELECT l.id AS entity_id, l.enterprise_number AS number, o.id AS other_id, EXISTS (
        SELECT 1 FROM credits.account AS a
        LEFT JOIN credits.entry AS e ON e.region_id = $1 AND e.account_id = a.id
        LEFT JOIN credits.balance AS b ON b.region_id = $1 AND b.account_id = a.id
        WHERE a.region_id = $1 AND a.legal_entity_id = l.id AND (e.account_id IS NOT NULL OR b.account_id IS NOT NULL)
    ) OR EXISTS (SELECT 1 FROM credits.payment AS p WHERE p.region_id = $1 AND p.seller_id = $2) OR EXISTS (
        SELECT 1 FROM credits.till AS t
        JOIN credits.till_session AS w ON w.region_id = $1 AND w.till_id = t.id
        WHERE t.region_id = $1 AND t.seller_id = $2
    ) AS is_begun
FROM credits.seller AS s
JOIN credits.legal_entity AS l ON l.region_id = $1 AND l.id = s.legal_entity_id
LEFT JOIN credits.legal_entity AS o ON o.region_id = $1 AND o.enterprise_number = $3 AND o.id <> l.id
WHERE s.region_id = $1 AND s.organiser_id = $2;

-- name: number_entity
UPDATE credits.legal_entity SET enterprise_number = $3
WHERE region_id = $1 AND id = $2 AND enterprise_number IS NULL;

-- name: move_seller
-- To the accounts that were opened for it in the books of another legal entity.
UPDATE credits.seller
SET legal_entity_id = $3, sale_account_id = (a.ids ->> 'sale')::uuid, card_account_id = (a.ids ->> 'card')::uuid,
    till_account_id = (a.ids ->> 'till')::uuid, terminal_account_id = (a.ids ->> 'terminal')::uuid,
    invoice_account_id = (a.ids ->> 'invoice')::uuid, bank_account_id = (a.ids ->> 'bank')::uuid,
    safe_account_id = (a.ids ->> 'safe')::uuid, fee_account_id = (a.ids ->> 'fee')::uuid,
    rounding_account_id = (a.ids ->> 'rounding')::uuid, difference_account_id = (a.ids ->> 'difference')::uuid,
    disputed_account_id = (a.ids ->> 'disputed')::uuid
FROM (
    SELECT jsonb_object_agg(kind, id) AS ids FROM credits.account
    WHERE region_id = $1 AND owner_id = $2 AND legal_entity_id = $3
) AS a
WHERE region_id = $1 AND organiser_id = $2;
