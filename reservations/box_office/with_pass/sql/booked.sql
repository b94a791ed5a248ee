-- name: sold_whole
-- Of these bookings, those of which every line is of one organiser ($3).
SELECT l.booking_id AS id
FROM reservations.line AS l
WHERE l.region_id = $1 AND l.booking_id = ANY ($2)
GROUP BY l.booking_id
HAVING bool_and(l.seller_id = $3);
