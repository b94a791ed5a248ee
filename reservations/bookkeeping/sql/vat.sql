-- name: read_months
-- In the books of entity $2, between $3 and $4; $5: one seller, or all.
WITH seller AS (
    SELECT s.organiser_id, coalesce(a.organiser_id, s.organiser_id) AS seller_id,
        coalesce(a.legal_entity_id, s.legal_entity_id) AS legal_entity_id
    FROM credits.seller AS s
    LEFT JOIN credits.seller AS a ON a.region_id = $1 AND a.organiser_id = s.agent_id
    WHERE s.region_id = $1
), sold AS (
    -- Money on the day that it came in; what is owed on an invoice, on the day that it was asked for.
    SELECT p.booking_id, paid.no AS line_no, paid.cents::bigint AS cents,
        CASE p.means WHEN 'invoice' THEN p.made_at ELSE p.paid_at END AS at
    FROM credits.payment AS p
    JOIN credits.seller AS s ON s.region_id = $1 AND s.organiser_id = p.seller_id AND s.legal_entity_id = $2
    CROSS JOIN LATERAL unnest(p.line_cents) WITH ORDINALITY AS paid (cents, no)
    WHERE p.region_id = $1 AND ($5::uuid IS NULL OR p.seller_id = $5)
        AND CASE p.means WHEN 'invoice' THEN p.made_at ELSE p.paid_at END BETWEEN $3 AND $4
    UNION ALL
    SELECT f.booking_id, f.line_no, f.by_bank_cents - f.amount_cents, f.done_at
    FROM credits.refund AS f
    JOIN credits.payment AS p ON p.region_id = $1 AND p.id = f.payment_id AND ($5::uuid IS NULL OR p.seller_id = $5)
    JOIN credits.seller AS s ON s.region_id = $1 AND s.organiser_id = p.seller_id AND s.legal_entity_id = $2
    WHERE f.region_id = $1 AND f.done_at BETWEEN $3 AND $4
    UNION ALL
    -- Credit on the day that it was earned, in the books of who sells for who earned it.
    SELECT t.booking_id, t.line_no, CASE t.kind WHEN 'settle' THEN t.amount_cents ELSE -t.amount_cents END, t.at
    FROM credits.transfer AS t
    JOIN credits.account AS a
        ON a.region_id = $1 AND a.id = CASE t.kind WHEN 'settle' THEN t.credit_id ELSE t.debit_id END AND a.kind = 'payable'
    JOIN seller AS s ON s.organiser_id = a.owner_id AND s.legal_entity_id = $2 AND ($5::uuid IS NULL OR s.seller_id = $5)
    WHERE t.region_id = $1 AND t.kind IN ('settle', 'reversal') AND t.at BETWEEN $3 AND $4
), coded AS (
    SELECT l.vat_code AS code, s.cents, s.at
    FROM sold AS s
    LEFT JOIN reservations.line AS l ON l.region_id = $1 AND l.booking_id = s.booking_id AND l.no = s.line_no
    WHERE s.at < $4 AND s.cents <> 0
    UNION ALL
    -- What was sold on paper, without a booking, on the day that it was entered.
    SELECT k.vat_code, k.amount_cents, r.made_at
    FROM credits.receipt AS r
    JOIN credits.receipt_line AS k ON k.region_id = $1 AND k.receipt_id = r.id
    JOIN credits.seller AS s ON s.region_id = $1 AND s.organiser_id = r.seller_id AND s.legal_entity_id = $2
    WHERE r.region_id = $1 AND r.booking_id IS NULL AND r.made_at >= $3 AND r.made_at < $4
        AND ($5::uuid IS NULL OR r.seller_id = $5)
)
SELECT extract(year FROM c.at AT TIME ZONE 'Europe/Brussels')::smallint AS year,
    extract(month FROM c.at AT TIME ZONE 'Europe/Brussels')::smallint AS month, coalesce(c.code, '') AS code,
    coalesce(v.name, '') AS name, coalesce(v.rate_bp, 0) AS rate_bp, sum(c.cents)::bigint AS gross_cents
FROM coded AS c
LEFT JOIN credits.vat_code AS v ON v.code = c.code AND (c.at AT TIME ZONE 'Europe/Brussels')::date >= v.starts_on
    AND (v.ends_on IS NULL OR (c.at AT TIME ZONE 'Europe/Brussels')::date <= v.ends_on)
GROUP BY 1, 2, 3, 4, 5
ORDER BY 1, 2, 5 DESC, 3;

-- name: kept_months
-- As it was when the year was closed.
SELECT k.year, k.month, k.vat_code AS code, coalesce(v.name, '') AS name, k.rate_bp, k.gross_cents
FROM credits.closing_vat AS k
LEFT JOIN credits.vat_code AS v ON v.code = k.vat_code AND make_date(k.year, k.month, 1) >= v.starts_on
    AND (v.ends_on IS NULL OR make_date(k.year, k.month, 1) <= v.ends_on)
WHERE k.region_id = $1 AND k.legal_entity_id = $2 AND k.year = $3
ORDER BY k.month, k.rate_bp DESC, k.vat_code;
