-- name: read_given_back
-- Cash that an organiser gave back, and of which line of which receipt it was.
SELECT m.id, m.till_session_id, t.name AS till, e.name AS seller, e.enterprise_number, -m.amount_cents AS amount_cents, (
        SELECT coalesce(-sum(o.amount_cents), 0) FROM credits.till_movement AS o
        WHERE o.region_id = $1 AND o.till_session_id = m.till_session_id AND o.refund_id = m.refund_id AND o.kind = 'rounding'
    )::bigint AS rounding_cents, m.made_at, sold.words, sold.id AS receipt_id, sold.year AS receipt_year,
    sold.no AS receipt_no
FROM credits.till_movement AS m
JOIN credits.till_session AS s ON s.region_id = $1 AND s.id = m.till_session_id
JOIN credits.till AS t ON t.region_id = $1 AND t.id = s.till_id
JOIN credits.seller AS b ON b.region_id = $1 AND b.organiser_id = t.seller_id
JOIN credits.legal_entity AS e ON e.region_id = $1 AND e.id = b.legal_entity_id
JOIN credits.refund AS f ON f.region_id = $1 AND f.id = m.refund_id
LEFT JOIN LATERAL (
    SELECT r.id, r.year, r.no, l.words FROM credits.receipt AS r
    LEFT JOIN credits.receipt_line AS l
        ON l.region_id = $1 AND l.receipt_id = r.id AND l.booking_line_no = f.line_no
    WHERE r.region_id = $1 AND r.booking_id = f.booking_id AND r.payment_id = f.payment_id
    ORDER BY r.made_at DESC, r.id DESC
    LIMIT 1
) AS sold ON true
WHERE m.region_id = $1 AND t.organiser_id = $2 AND m.id = $3 AND m.kind = 'refund';

-- name: refunds_of_receipt
-- What was given back in cash of what a receipt sold, by any till.
SELECT m.id, -m.amount_cents AS amount_cents, m.made_at, m.receipt_id IS NOT NULL AS swapped
FROM credits.receipt AS r
JOIN credits.refund AS f ON f.region_id = $1 AND f.payment_id = r.payment_id
JOIN credits.till_movement AS m ON m.region_id = $1 AND m.refund_id = f.id AND m.kind = 'refund'
WHERE r.region_id = $1 AND r.id = $2
ORDER BY m.made_at, m.id;
