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

-- name: find_sold
-- Among the tickets of what an organiser sells: of its dates since a moment ($4), so that nobody reads all bookings.
SELECT t.booking_id
FROM reservations.session AS s
JOIN reservations.ticket AS t ON t.session_id = s.id AND t.region_id = $1
WHERE s.region_id = $1 AND s.organiser_id = $2 AND s.starts_at > $4
    AND right(replace(t.booking_id::text, '-', ''), 8) = $3
ORDER BY t.booking_id DESC
LIMIT 1;

-- name: read_offers
SELECT l.no AS line_no, e.name AS event, s.starts_at, s.ends_at,
    reservations.label_of(t.eligibility, t.code, t.name) AS label
FROM reservations.line AS l
JOIN reservations.session AS s ON s.region_id = $1 AND s.id = l.session_id
JOIN organisers.event AS e ON e.region_id = $1 AND e.id = s.event_id
LEFT JOIN reservations.tariff AS t ON t.region_id = $1 AND t.session_id = l.session_id AND t.code = l.tariff_code
WHERE l.region_id = $1 AND l.booking_id = $2
ORDER BY l.no;
