-- name: lock_wallets_of
SELECT credits.lock_wallets($1, array_agg(w.wallet_id))
FROM (
    SELECT DISTINCT p.wallet_id
    FROM credits.transfer AS h
    JOIN credits.purse AS p ON p.region_id = $1 AND p.id = h.purse_id
    WHERE h.region_id = $1 AND h.id = ANY ($2)
) AS w;

-- name: read_open_holds
SELECT id, amount_cents, payee_id, legal_entity_id FROM credits.unresolved_holds($1, $2);

-- name: read_payables
SELECT a.owner_id AS organiser_id, a.legal_entity_id, a.id
FROM unnest($2::uuid[], $3::uuid[]) AS k (owner_id, legal_entity_id)
JOIN credits.account AS a ON a.region_id = $1 AND a.owner_id = k.owner_id AND a.legal_entity_id = k.legal_entity_id
WHERE a.kind = 'payable';

-- name: earned_by_coming
-- Whether credit of these lines was earned by coming. What is earned whoever comes, does not hang on a check-in.
SELECT EXISTS (
    SELECT 1 FROM unnest($2::uuid[], $3::smallint[]) AS k (booking_id, line_no)
    JOIN credits.transfer AS h
        ON h.region_id = $1 AND h.booking_id = k.booking_id AND h.line_no = k.line_no AND h.kind = 'hold'
    JOIN credits.transfer AS s
        ON s.region_id = $1 AND s.booking_id = h.booking_id AND s.kind = 'settle' AND s.hold_id = h.id
    JOIN credits.purse AS p ON p.region_id = $1 AND p.id = h.purse_id
    JOIN credits.programme_version AS v
        ON v.region_id = $1 AND v.programme_id = p.programme_id AND v.version = p.version
    WHERE v.earning = 'attendance'
        AND NOT EXISTS (
            SELECT 1 FROM credits.transfer AS u
            WHERE u.region_id = $1 AND u.booking_id = h.booking_id AND u.kind = 'reversal' AND u.reverses_id = s.id
        )
);
