-- name: pages_to_close
-- Of every region: what is held until within a minute, for a payment whose page is open.
SELECT b.region_id, b.id AS booking_id, p.id
FROM reservations.booking AS b
JOIN credits.payment AS p ON p.region_id = b.region_id AND p.booking_id = b.id
WHERE b.held_until <= $1 AND p.status = 'pending' AND p.means = 'card' AND p.opened_at IS NOT NULL
ORDER BY b.held_until
LIMIT $2;
