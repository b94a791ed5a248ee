-- name: read_entities
SELECT id, name, enterprise_number FROM credits.legal_entity WHERE region_id = $1 ORDER BY name, id;

-- name: entity_of_organiser
-- In whose books an organiser sells: its own, or those of who sells for it under a mandate.
SELECT coalesce(a.legal_entity_id, s.legal_entity_id)
FROM credits.seller AS s
LEFT JOIN credits.seller AS a ON a.region_id = $1 AND a.organiser_id = s.agent_id
WHERE s.region_id = $1 AND s.organiser_id = $2;

-- name: last_moved
-- When something last moved between $3 and $4; $5: an organiser whose accounts it touched, or all. NULL when nothing did.
SELECT max(t.at)
FROM credits.transfer AS t
JOIN credits.account AS d ON d.region_id = $1 AND d.id = t.debit_id
JOIN credits.account AS c ON c.region_id = $1 AND c.id = t.credit_id
WHERE t.region_id = $1 AND $2 IN (d.legal_entity_id, c.legal_entity_id) AND t.at >= $3 AND t.at < $4
    AND ($5::uuid IS NULL OR $5 IN (d.owner_id, c.owner_id));

-- name: read_balances_until
-- What the last year that was closed by $3 ended with, and what moved since; $4: of one organiser, or of all.
WITH closed AS (
    SELECT max(y.year) AS year FROM credits.year_close AS y
    WHERE y.region_id = $1 AND y.legal_entity_id = $2 AND y.confirmed_at IS NOT NULL AND credits.year_end(y.year) <= $3
), leg AS (
    SELECT b.account_id, b.balance_cents AS cents FROM credits.closing_balance AS b
    JOIN closed AS k ON k.year = b.year
    WHERE b.region_id = $1 AND b.legal_entity_id = $2
    UNION ALL
    SELECT x.account_id, x.cents
    FROM credits.transfer AS t
    CROSS JOIN LATERAL (VALUES (t.credit_id, t.amount_cents), (t.debit_id, -t.amount_cents)) AS x (account_id, cents)
    WHERE t.region_id = $1 AND t.at < $3 AND t.kind <> 'carried'
        AND t.at >= coalesce((SELECT credits.year_end(k.year) FROM closed AS k), '-infinity')
), stands AS (
    SELECT l.account_id, sum(l.cents)::bigint AS cents FROM leg AS l GROUP BY l.account_id HAVING sum(l.cents) <> 0
)
SELECT a.kind::text, coalesce(o.name, p.name, '') AS owner, count(*) AS accounts, sum(s.cents)::bigint AS cents
FROM stands AS s
JOIN credits.account AS a ON a.region_id = $1 AND a.id = s.account_id AND a.legal_entity_id = $2
LEFT JOIN organisers.organiser AS o ON o.region_id = $1 AND o.id = a.owner_id
LEFT JOIN credits.fund AS f ON f.region_id = $1 AND f.id = a.owner_id
LEFT JOIN credits.programme AS p ON p.region_id = $1 AND p.id = f.programme_id
WHERE $4::uuid IS NULL OR a.owner_id = $4
GROUP BY a.kind, coalesce(o.name, p.name, '')
ORDER BY a.kind, coalesce(o.name, p.name, '');

-- name: read_entries
-- Before $3; $4: an organiser whose accounts they touch, or all; after the transfer $6 at $5. First which they are, then what is said
-- of each. Owners are organisers and programmes; a purse has the name of nobody.
WITH next AS (
    SELECT t.at, t.id, t.kind, t.amount_cents, t.reference, t.booking_id, d.kind AS debit_kind, d.owner_id AS debit_owner_id,
        c.kind AS credit_kind, c.owner_id AS credit_owner_id
    FROM credits.transfer AS t
    JOIN credits.account AS d ON d.region_id = $1 AND d.id = t.debit_id
    JOIN credits.account AS c ON c.region_id = $1 AND c.id = t.credit_id
    WHERE t.region_id = $1 AND $2 IN (d.legal_entity_id, c.legal_entity_id) AND t.at < $3
        AND ($4::uuid IS NULL OR $4 IN (d.owner_id, c.owner_id)) AND t.at >= $5 AND (t.at, t.id) > ($5, $6)
    ORDER BY t.at, t.id
    LIMIT $7
), owner AS (
    SELECT o.id, o.name FROM organisers.organiser AS o WHERE o.region_id = $1
    UNION ALL
    SELECT f.id, p.name FROM credits.fund AS f
    JOIN credits.programme AS p ON p.region_id = $1 AND p.id = f.programme_id
    WHERE f.region_id = $1
)
SELECT n.at, n.id, n.kind::text, n.debit_kind::text, coalesce(d.name, '') AS debit_owner, n.credit_kind::text,
    coalesce(c.name, '') AS credit_owner, n.amount_cents, n.reference, n.booking_id, r.year AS receipt_year, r.no AS receipt_no
FROM next AS n
LEFT JOIN owner AS d ON d.id = n.debit_owner_id
LEFT JOIN owner AS c ON c.id = n.credit_owner_id
LEFT JOIN credits.tender AS w ON w.region_id = $1 AND w.id = n.id
LEFT JOIN credits.receipt AS x ON x.region_id = $1 AND x.rounding_id = n.id
LEFT JOIN credits.receipt AS r ON r.region_id = $1 AND r.id = coalesce(w.receipt_id, x.id)
ORDER BY n.at, n.id;

-- name: sum_kinds
SELECT t.kind::text, d.kind::text AS debit_kind, c.kind::text AS credit_kind, count(*) AS count,
    sum(t.amount_cents)::bigint AS cents
FROM credits.transfer AS t
JOIN credits.account AS d ON d.region_id = $1 AND d.id = t.debit_id
JOIN credits.account AS c ON c.region_id = $1 AND c.id = t.credit_id
WHERE t.region_id = $1 AND $2 IN (d.legal_entity_id, c.legal_entity_id) AND t.at >= $3 AND t.at < $4
    AND ($5::uuid IS NULL OR $5 IN (d.owner_id, c.owner_id))
GROUP BY t.kind, d.kind, c.kind
ORDER BY t.kind, d.kind, c.kind;
