-- name: find_held
-- Among what is held now, which is little: the number of a booking is the end of its id.
SELECT b.id
FROM reservations.booking AS b
WHERE b.region_id = $1 AND b.held_until IS NOT NULL AND right(replace(b.id::text, '-', ''), 8) = $3
    AND EXISTS (
        SELECT 1 FROM reservations.line AS l
        WHERE l.region_id = $1 AND l.booking_id = b.id AND l.seller_id = $2
    )
ORDER BY b.made_at DESC
LIMIT 1;

-- name: read_offers
SELECT l.no AS line_no, e.name AS event, s.starts_at,
    reservations.label_of(t.eligibility, t.code, t.name) AS label
FROM reservations.line AS l
JOIN reservations.session AS s ON s.region_id = $1 AND s.id = l.session_id
JOIN organisers.event AS e ON e.region_id = $1 AND e.id = s.event_id
LEFT JOIN reservations.tariff AS t ON t.region_id = $1 AND t.session_id = l.session_id AND t.code = l.tariff_code
WHERE l.region_id = $1 AND l.booking_id = $2
ORDER BY l.no;
