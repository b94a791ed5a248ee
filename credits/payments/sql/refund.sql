-- name: read_refund
SELECT r.region_id, r.id, r.payment_id, r.booking_id, r.amount_cents - r.by_bank_cents AS amount_cents, r.way, r.status, p.account,
    p.reference AS intent_id, r.external_id,
    EXISTS (
        SELECT 1 FROM credits.dispute AS d WHERE d.region_id = $1 AND d.payment_id = p.id AND d.status = 'open'
    ) AS contested,
    EXISTS (
        SELECT 1 FROM credits.dispute AS d WHERE d.region_id = $1 AND d.payment_id = p.id AND d.status = 'lost'
    ) AS lost, coalesce(p.account, '') <> '' AND NOT EXISTS (
        SELECT 1 FROM credits.seller AS s
        WHERE s.region_id = $1 AND s.organiser_id = p.seller_id AND s.card_account = p.account AND s.card_left_at IS NULL
    ) AS account_left
FROM credits.refund AS r
JOIN credits.payment AS p ON p.region_id = $1 AND p.id = r.payment_id
WHERE r.region_id = $1 AND r.id = $2;

-- name: find_refund
-- The provider knows it by its id alone, and not its region.
SELECT r.region_id, r.id, r.payment_id, r.booking_id, r.amount_cents - r.by_bank_cents AS amount_cents, r.way, r.status, p.account,
    p.reference AS intent_id, r.external_id, false AS contested, false AS lost, false AS account_left
FROM credits.refund AS r
JOIN credits.payment AS p ON p.region_id = r.region_id AND p.id = r.payment_id
WHERE r.id = $1;

-- name: note_sent
UPDATE credits.refund SET status = 'sent', external_id = $3, sent_at = coalesce(sent_at, $4), arrives_on = coalesce(arrives_on, $5)
WHERE region_id = $1 AND id = $2 AND status IN ('due', 'sent') AND way = 'card';

-- name: fail_refund
SELECT credits.fail_refund($1, $2, $3, $4, $5);

-- name: finish_refund
SELECT credits.finish_refund($1, $2, $3, $4, $5, $6);

-- name: cover_refunds
SELECT credits.cover_refunds($1, $2, $3);
