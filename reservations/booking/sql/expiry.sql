-- name: bookings_to_expire
SELECT id FROM reservations.booking WHERE held_until IS NOT NULL AND held_until <= $1 ORDER BY held_until LIMIT $2;

-- name: bookings_called_off
-- Live bookings of which every session was called off: nobody asked for it, so nobody is too late.
SELECT DISTINCT t.booking_id AS id
FROM reservations.session AS s
JOIN reservations.ticket AS t
    ON t.region_id = s.region_id AND t.session_id = s.id AND t.status IN ('held', 'confirmed')
WHERE s.status = 'cancelled' AND NOT EXISTS (
    SELECT FROM reservations.line AS l
    JOIN reservations.session AS other ON other.region_id = l.region_id AND other.id = l.session_id
    WHERE l.region_id = t.region_id AND l.booking_id = t.booking_id AND other.status <> 'cancelled'
)
LIMIT $1;
