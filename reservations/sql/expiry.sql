-- name: bookings_to_expire
SELECT id FROM reservations.booking WHERE held_until IS NOT NULL AND held_until <= $1 ORDER BY held_until LIMIT $2;
