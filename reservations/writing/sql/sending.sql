-- name: take_copies
-- The next of a message that are not in the outbox yet.
WITH next AS (
    SELECT w.booking_id FROM reservations.written_copy AS w
    WHERE w.region_id = $1 AND w.message_id = $2 AND w.queued_at IS NULL
    ORDER BY w.booking_id
    LIMIT $4
    FOR NO KEY UPDATE
)
UPDATE reservations.written_copy AS c SET queued_at = $3
FROM next
WHERE c.region_id = $1 AND c.message_id = $2 AND c.booking_id = next.booking_id
RETURNING c.booking_id;
