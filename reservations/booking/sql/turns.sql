-- name: lock_turns
-- After all that the batch locks. A booking of which nothing stands gives its turn back.
SELECT e.session_id, e.id, coalesce(e.membership_id, e.group_id) AS holder_id, e.email, e.place, e.turn_until AS until,
    e.booking_id, (
        SELECT count(*) FROM reservations.ticket AS k
        WHERE k.region_id = $1 AND k.booking_id = e.booking_id
            AND k.status IN ('held', 'confirmed', 'attended', 'no_show')
    ) AS standing
FROM reservations.queue_entry AS e
WHERE e.region_id = $1 AND e.session_id = ANY ($2)
    AND (e.membership_id = ANY ($3) OR e.group_id = ANY ($3) OR e.email = ANY ($4))
ORDER BY e.id
FOR UPDATE OF e;

-- name: write_used_turns
UPDATE reservations.queue_entry AS e
SET booking_id = u.booking_id, changed_at = $3
FROM json_to_recordset($2::json) AS u (session_id uuid, entry_id uuid, booking_id uuid)
WHERE e.region_id = $1 AND e.session_id = u.session_id AND e.id = u.entry_id;
