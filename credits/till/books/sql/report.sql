-- name: read_vat_rows
SELECT l.vat_code AS code, v.name, l.vat_rate_bp AS rate_bp, sum(l.amount_cents)::bigint AS gross_cents
FROM credits.receipt AS r
JOIN credits.receipt_line AS l ON l.region_id = $1 AND l.receipt_id = r.id
JOIN credits.vat_code AS v
    ON v.code = l.vat_code AND v.starts_on <= r.sold_on AND (v.ends_on IS NULL OR v.ends_on >= r.sold_on)
WHERE r.region_id = $1 AND r.till_session_id = ANY ($2::uuid[])
GROUP BY r.id, l.vat_code, v.name, l.vat_rate_bp
ORDER BY l.vat_rate_bp DESC, l.vat_code, r.id;

-- name: sum_tenders
SELECT t.means::text, sum(t.amount_cents)::bigint AS cents
FROM credits.receipt AS r
JOIN credits.tender AS t ON t.region_id = $1 AND t.receipt_id = r.id
WHERE r.region_id = $1 AND r.till_session_id = ANY ($2::uuid[])
GROUP BY t.means;

-- name: sum_movements
SELECT kind::text, sum(amount_cents)::bigint AS cents
FROM credits.till_movement WHERE region_id = $1 AND till_session_id = ANY ($2::uuid[])
GROUP BY kind;

-- name: read_movements
SELECT m.kind::text, m.amount_cents, m.reference, m.reason, m.made_at, w.name AS made_by_name
FROM credits.till_movement AS m
LEFT JOIN identity.staff AS w ON w.id = m.made_by
WHERE m.region_id = $1 AND m.till_session_id = $2 AND m.kind <> 'rounding'
ORDER BY m.made_at, m.id;

-- name: read_ranges
SELECT r.year, count(*) AS count, min(r.no) AS first_no, max(r.no) AS last_no,
    sum(r.rounding_cents)::bigint AS rounding_cents, (
        SELECT count(*) FROM credits.receipt_print AS p
        JOIN credits.receipt AS k ON k.region_id = $1 AND k.id = p.receipt_id
        WHERE p.region_id = $1 AND p.no > 1 AND k.till_session_id = ANY ($2::uuid[]) AND k.year = r.year
    ) AS duplicates
FROM credits.receipt AS r
WHERE r.region_id = $1 AND r.till_session_id = ANY ($2::uuid[])
GROUP BY r.year
ORDER BY r.year;
