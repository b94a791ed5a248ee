-- name: read_booked
-- What its payment pays part of; a line that credit paid, or that is free, is on no invoice.
SELECT l.no, e.name AS event, s.starts_at, s.ends_at, l.places, l.vat_code, l.price_cents, l.credit_cents
FROM credits.payment AS p
JOIN reservations.line AS l ON l.region_id = $1 AND l.booking_id = p.booking_id AND p.line_cents[l.no] > 0
JOIN reservations.session AS s ON s.region_id = $1 AND s.id = l.session_id
JOIN organisers.event AS e ON e.region_id = $1 AND e.id = s.event_id
WHERE p.region_id = $1 AND p.id = $2
ORDER BY l.no;
