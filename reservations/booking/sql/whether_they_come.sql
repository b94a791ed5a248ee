-- name: read_asked_confirmation
-- What the holder of a booking was asked and can still answer.
SELECT id, due_at AS answer_by FROM reservations.asked_confirmation
WHERE region_id = $1 AND booking_id = $2 AND answer IS NULL AND due_at > $3
ORDER BY due_at
LIMIT 1;
