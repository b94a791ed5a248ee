-- name: read_booked
-- What its payment pays part of; a line that credit paid, or that is free, is on no invoice. A card of turns is of the day of its sale.
SELECT l.no, e.name AS event, CASE WHEN c.session_id IS NULL THEN s.starts_at ELSE b.made_at END AS starts_at, s.ends_at,
    c.session_id IS NOT NULL AS is_turn_card, l.places, l.vat_code, l.price_cents, l.credit_cents
FROM credits.payment AS p
JOIN reservations.line AS l ON l.region_id = $1 AND l.booking_id = p.booking_id AND p.line_cents[l.no] > 0
JOIN reservations.session AS s ON s.region_id = $1 AND s.id = l.session_id
JOIN organisers.event AS e ON e.region_id = $1 AND e.id = s.event_id
JOIN reservations.booking AS b ON b.region_id = $1 AND b.id = p.booking_id
LEFT JOIN reservations.turn_card AS c ON c.region_id = $1 AND c.session_id = l.session_id
WHERE p.region_id = $1 AND p.id = $2
ORDER BY l.no;
