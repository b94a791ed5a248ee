-- name: bookings_to_expire
-- Of all regions, the longest overdue first, after the booking $4 that was held until $3.
SELECT b.region_id, b.id, b.held_until FROM reservations.booking AS b
WHERE b.held_until IS NOT NULL AND b.held_until <= $1 AND (b.held_until, b.id) > ($3, $4) AND EXISTS (
    SELECT 1 FROM reservations.ticket AS t
    WHERE t.region_id = b.region_id AND t.booking_id = b.id AND t.status = 'held'
)
ORDER BY b.held_until, b.id
LIMIT $2;

-- name: select_whole
-- Of these, what the turnstile can end: a torn booking would come back for ever, and `check-ledger` tells of it.
SELECT d.region_id, d.key FROM uit.directory AS d WHERE d.kind = 'booking' AND d.key = ANY ($1);
