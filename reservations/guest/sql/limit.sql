-- name: is_booked
SELECT EXISTS (SELECT 1 FROM reservations.booking WHERE region_id = $1 AND id = $2);
