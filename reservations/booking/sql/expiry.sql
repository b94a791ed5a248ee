-- name: bookings_to_expire
-- Only what the turnstile can end: a torn booking would come back for ever, and `check-ledger` tells of it.
SELECT b.region_id, b.id FROM reservations.booking AS b
JOIN uit.directory AS d ON d.kind = 'booking' AND d.key = b.id AND d.region_id = b.region_id
WHERE b.held_until IS NOT NULL AND b.held_until <= $1 AND EXISTS (
    SELECT 1 FROM reservations.ticket AS t
    WHERE t.region_id = b.region_id AND t.booking_id = b.id AND t.status = 'held'
)
ORDER BY b.held_until
LIMIT $2;
