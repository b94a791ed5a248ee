-- name: read_debts
-- All of a region, or one ($2), or those to an organiser ($3); who is owed the most first. The account is below zero by what is owed.
WITH debt AS (
    SELECT a.id, a.owner_id, a.legal_entity_id FROM credits.account AS a
    WHERE a.region_id = $1 AND a.kind = 'owed' AND ($2::uuid IS NULL OR a.id = $2) AND ($3::uuid IS NULL OR a.owner_id = $3)
), sold AS (
    SELECT x.organiser_id, s.legal_entity_id, sum(x.sold_cents)::bigint AS sold_cents, sum(x.back_cents)::bigint AS back_cents
    FROM credits.sold_for AS x
    JOIN credits.payment AS p ON p.region_id = $1 AND p.id = x.payment_id
    JOIN credits.seller AS s ON s.region_id = $1 AND s.organiser_id = p.seller_id
    WHERE x.region_id = $1 AND x.organiser_id IN (SELECT d.owner_id FROM debt AS d)
    GROUP BY x.organiser_id, s.legal_entity_id
), remitted AS (
    SELECT t.credit_id, sum(t.amount_cents)::bigint AS cents FROM credits.transfer AS t
    WHERE t.region_id = $1 AND t.credit_id IN (SELECT d.id FROM debt AS d) AND t.paid_on IS NOT NULL
    GROUP BY t.credit_id
), waiting AS (
    SELECT e.account_id, sum(e.amount_cents)::bigint AS cents FROM credits.entry AS e
    WHERE e.region_id = $1 AND e.account_id IN (SELECT d.id FROM debt AS d)
    GROUP BY e.account_id
)
SELECT d.id, d.owner_id AS organiser_id, o.name AS organiser, l.name AS agent, coalesce(s.sold_cents, 0) AS sold_cents,
    coalesce(s.back_cents, 0) AS back_cents, coalesce(r.cents, 0) AS remitted_cents,
    -(coalesce(b.balance_cents, 0) + coalesce(w.cents, 0)) AS owed_cents, coalesce(h.contested_cents, 0) AS contested_cents,
    coalesce(h.returning_cents, 0) AS returning_cents
FROM debt AS d
JOIN organisers.organiser AS o ON o.region_id = $1 AND o.id = d.owner_id
JOIN credits.legal_entity AS l ON l.region_id = $1 AND l.id = d.legal_entity_id
LEFT JOIN sold AS s ON s.organiser_id = d.owner_id AND s.legal_entity_id = d.legal_entity_id
LEFT JOIN remitted AS r ON r.credit_id = d.id
LEFT JOIN credits.balance AS b ON b.region_id = $1 AND b.account_id = d.id
LEFT JOIN waiting AS w ON w.account_id = d.id
LEFT JOIN credits.sold_for_held($1) AS h ON h.organiser_id = d.owner_id AND h.legal_entity_id = d.legal_entity_id
ORDER BY owed_cents DESC, o.name, d.id;

-- name: lock_debt
-- Two remittances of one debt are noted one after the other; what the first did is read in a later statement.
SELECT pg_advisory_xact_lock(hashtextextended($1::uuid::text, 0));

-- name: read_remittances
-- The latest first.
SELECT t.id, t.amount_cents, t.reference, t.paid_on FROM credits.transfer AS t
WHERE t.region_id = $1 AND t.credit_id = $2 AND t.paid_on IS NOT NULL
ORDER BY t.paid_on DESC, t.id DESC
LIMIT $3;

-- name: find_remittance
-- Under the id of a form, or of the same line of the bank: one reference on one day.
SELECT t.id, t.amount_cents, t.reference, t.paid_on FROM credits.transfer AS t
WHERE t.region_id = $1 AND t.credit_id = $2 AND t.paid_on IS NOT NULL AND (t.id = $3 OR t.reference = $4 AND t.paid_on = $5)
ORDER BY t.id <> $3
LIMIT 1;

-- name: is_taken
SELECT EXISTS (SELECT 1 FROM credits.transfer WHERE region_id = $1 AND id = $2);

-- name: write_remittance
-- From the bank of who sold, which is one agent of the legal entity whose debt it is.
WITH moved AS (
    INSERT INTO credits.transfer (region_id, id, kind, debit_id, credit_id, amount_cents, at, reference, paid_on)
    SELECT $1, $3, 'remittance', b.id, d.id, $4, $7, $5, $6
    FROM credits.account AS d
    JOIN credits.account AS f ON f.region_id = $1 AND f.kind = 'sold_for' AND f.legal_entity_id = d.legal_entity_id
    JOIN credits.account AS b
        ON b.region_id = $1 AND b.kind = 'bank' AND b.owner_id = f.owner_id AND b.legal_entity_id = d.legal_entity_id
    WHERE d.region_id = $1 AND d.id = $2
    ORDER BY f.id
    LIMIT 1
    RETURNING id, debit_id, credit_id, amount_cents
)
INSERT INTO credits.entry (region_id, account_id, transfer_id, amount_cents)
SELECT $1, credit_id, id, amount_cents FROM moved
UNION ALL
SELECT $1, debit_id, id, -amount_cents FROM moved;
