-- name: find_had
-- The places of members at these sessions, each booking once, and who made it.
SELECT DISTINCT l.session_id, l.holder_id, b.id AS booking_id, b.actor_id AS made_by, e.is_discreet
FROM reservations.line AS l
JOIN reservations.booking AS b ON b.region_id = $1 AND b.id = l.booking_id
JOIN reservations.ticket AS t ON t.region_id = $1 AND t.booking_id = l.booking_id AND t.line_no = l.no
    AND t.status IN ('held', 'confirmed', 'attended', 'no_show')
JOIN reservations.session AS s ON s.region_id = $1 AND s.id = l.session_id
JOIN organisers.event AS e ON e.region_id = $1 AND e.id = s.event_id
WHERE l.region_id = $1 AND l.session_id = ANY ($2) AND l.holder_id = ANY ($3);
