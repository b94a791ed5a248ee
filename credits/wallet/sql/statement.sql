-- name: read_region_ids
-- Where somebody is or was a member.
SELECT coalesce(array_agg(region_id ORDER BY region_id), '{}') FROM passes.membership WHERE person_id = $1;

-- name: read_purses_of
SELECT g.available_cents, g.held_cents, g.spent_cents, g.lapses_at, g.programme_id, p.name AS programme,
    g.programme_id IN (SELECT a.programme_id FROM credits.agreements_on($1, $3) AS a) AS spendable
FROM passes.membership AS m
JOIN credits.purse AS g ON g.region_id = $1 AND g.wallet_id = m.id
JOIN credits.programme AS p ON p.region_id = $1 AND p.id = g.programme_id
WHERE m.region_id = $1 AND m.person_id = $2;

-- name: read_movements
WITH mine AS (
    SELECT g.region_id, g.id, p.name
    FROM passes.membership AS m
    JOIN credits.purse AS g ON g.region_id = m.region_id AND g.wallet_id = m.id
    JOIN credits.programme AS p ON p.region_id = g.region_id AND p.id = g.programme_id
    WHERE m.person_id = $1 AND ($2::integer IS NULL OR m.region_id = $2)
)
SELECT t.id, t.kind, t.amount_cents AS cents,
    CASE WHEN t.credit_id = mine.id THEN t.amount_cents WHEN t.debit_id = mine.id THEN -t.amount_cents ELSE 0 END
        AS change_cents,
    t.at, coalesce(o.name, mine.name) AS what
FROM mine
JOIN credits.transfer AS t ON t.region_id = mine.region_id AND t.purse_id = mine.id
LEFT JOIN credits.transfer AS h ON h.region_id = t.region_id AND h.id = t.hold_id
LEFT JOIN organisers.organiser AS o ON o.region_id = t.region_id AND o.id = coalesce(t.payee_id, h.payee_id)
WHERE $3::uuid IS NULL OR (t.at, t.id) < (
    SELECT b.at, b.id FROM credits.transfer AS b
    JOIN mine AS own ON own.region_id = b.region_id AND own.id = b.purse_id
    WHERE b.id = $3
)
ORDER BY t.at DESC, t.id DESC
LIMIT $4;
