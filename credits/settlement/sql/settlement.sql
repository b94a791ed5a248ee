-- name: lock_wallets_of
SELECT credits.lock_wallets(array_agg(w.region_id), array_agg(w.wallet_id))
FROM (
    SELECT DISTINCT p.region_id, p.wallet_id
    FROM unnest($1::integer[], $2::uuid[]) AS k (region_id, id)
    JOIN credits.transfer AS h USING (region_id, id)
    JOIN credits.purse AS p ON p.region_id = h.region_id AND p.id = h.purse_id
) AS w;

-- name: read_open_holds
SELECT h.region_id, h.id, h.amount_cents, h.payee_id, a.legal_entity_id
FROM unnest($1::integer[], $2::uuid[]) AS k (region_id, id)
JOIN credits.transfer AS h USING (region_id, id)
JOIN credits.account AS a ON a.region_id = h.region_id AND a.id = h.credit_id
WHERE h.kind = 'hold'
    AND NOT EXISTS (SELECT FROM credits.resolution AS r WHERE r.region_id = h.region_id AND r.hold_id = h.id);

-- name: read_payables
SELECT a.region_id, a.owner_id AS organiser_id, a.id
FROM unnest($1::integer[], $2::uuid[]) AS k (region_id, owner_id)
JOIN credits.account AS a USING (region_id, owner_id)
WHERE a.kind = 'payable';

-- name: earned_by_coming
-- Whether credit of this line was earned by coming. What is earned whoever comes, does not hang on a check-in.
SELECT EXISTS (
    SELECT FROM credits.transfer AS h
    JOIN credits.resolution AS r ON r.region_id = h.region_id AND r.hold_id = h.id
    JOIN credits.purse AS p ON p.region_id = h.region_id AND p.id = h.purse_id
    JOIN credits.programme_version AS v
        ON v.region_id = p.region_id AND v.programme_id = p.programme_id AND v.version = p.version
    WHERE h.region_id = $1 AND h.booking_id = $2 AND h.line_no = $3 AND h.kind = 'hold' AND v.earning = 'attendance'
);
