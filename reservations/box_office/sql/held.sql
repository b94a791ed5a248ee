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
-- Among the tickets of what an organiser sells: of its dates since a moment ($4), so that nobody reads all bookings, and of its cards
-- of turns, of which one is sold long after the first.
SELECT t.booking_id
FROM (
    SELECT s.id FROM reservations.session AS s WHERE s.region_id = $1 AND s.organiser_id = $2 AND s.starts_at > $4
    UNION
    SELECT s.id FROM reservations.turn_card AS c
    JOIN reservations.session AS s ON s.region_id = $1 AND s.id = c.session_id AND s.organiser_id = $2 AND s.ends_at > $4
    WHERE c.region_id = $1
) AS sold
JOIN reservations.ticket AS t ON t.region_id = $1 AND t.session_id = sold.id
WHERE right(replace(t.booking_id::text, '-', ''), 8) = $3
ORDER BY t.booking_id DESC
LIMIT 1;

-- name: read_offers
-- A card of turns is of the time in which it is good.
SELECT l.no AS line_no, e.name AS event, c.session_id IS NOT NULL AS is_turn_card,
    CASE WHEN c.session_id IS NULL THEN s.starts_at ELSE b.made_at END AS starts_at,
    CASE WHEN c.session_id IS NULL THEN s.ends_at ELSE reservations.card_good_until(b.made_at, c.months) END AS ends_at,
    reservations.label_of(t.eligibility, t.code, t.name) AS label
FROM reservations.line AS l
JOIN reservations.booking AS b ON b.region_id = $1 AND b.id = l.booking_id
LEFT JOIN reservations.turn_card AS c ON c.region_id = $1 AND c.session_id = l.session_id
JOIN reservations.session AS s ON s.region_id = $1 AND s.id = l.session_id
JOIN organisers.event AS e ON e.region_id = $1 AND e.id = s.event_id
LEFT JOIN reservations.tariff AS t ON t.region_id = $1 AND t.session_id = l.session_id AND t.code = l.tariff_code
WHERE l.region_id = $1 AND l.booking_id = $2
ORDER BY l.no;
