-- name: read_receipts
-- Of an organiser: those of a session ($3), or one ($4).
SELECT r.id, r.year, r.no, r.till_session_id, t.name AS till, e.name AS seller,
    e.enterprise_number, r.total_cents, r.rounding_cents, (
        SELECT coalesce(-sum(m.amount_cents), 0) FROM credits.till_movement AS m
        WHERE m.region_id = $1 AND m.till_session_id = r.till_session_id AND m.receipt_id = r.id AND m.kind = 'refund'
    )::bigint AS set_against_cents, r.paper_no, r.sold_on,
    r.made_at, (
        SELECT count(*) FROM credits.receipt_print AS p WHERE p.region_id = $1 AND p.receipt_id = r.id
    ) AS prints
FROM credits.receipt AS r
JOIN credits.till_session AS s ON s.region_id = $1 AND s.id = r.till_session_id
JOIN credits.till AS t ON t.region_id = $1 AND t.id = s.till_id
JOIN credits.seller AS b ON b.region_id = $1 AND b.organiser_id = r.seller_id
JOIN credits.legal_entity AS e ON e.region_id = $1 AND e.id = b.legal_entity_id
WHERE r.region_id = $1 AND t.organiser_id = $2 AND ($3::uuid IS NULL OR r.till_session_id = $3)
    AND ($4::uuid IS NULL OR r.id = $4)
ORDER BY r.year DESC, r.no DESC
LIMIT $5;

-- name: read_receipt_lines
SELECT l.words, l.places, l.vat_code, v.name AS vat_name, l.vat_rate_bp, l.amount_cents
FROM credits.receipt_line AS l
JOIN credits.receipt AS r ON r.region_id = $1 AND r.id = l.receipt_id
JOIN credits.vat_code AS v
    ON v.code = l.vat_code AND v.starts_on <= r.sold_on AND (v.ends_on IS NULL OR v.ends_on >= r.sold_on)
WHERE l.region_id = $1 AND l.receipt_id = $2
ORDER BY l.no;

-- name: read_tenders
SELECT t.means::text, t.amount_cents, t.reference
FROM credits.tender AS t
WHERE t.region_id = $1 AND t.receipt_id = $2
ORDER BY t.means;

-- name: insert_print
INSERT INTO credits.receipt_print (region_id, receipt_id, no, printed_by, printed_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT DO NOTHING;

-- name: receipt_of_booking
-- The last receipt that was written for a booking, by this seller's tills.
SELECT id FROM credits.receipt WHERE region_id = $1 AND booking_id = $2 ORDER BY made_at DESC, id DESC LIMIT 1;

-- name: booking_of_receipt
SELECT booking_id FROM credits.receipt WHERE region_id = $1 AND seller_id = $2 AND year = $3 AND no = $4;
