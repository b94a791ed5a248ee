-- name: find_due_lines
-- Of all regions, or of one: where something is free in every room of a date that somebody waits for, where an offer is not held any
-- more though nobody wrote that down, or where a date that somebody waited for is over. Who waits for a course needs all of its
-- dates.
SELECT DISTINCT w.region_id, w.event_id
FROM reservations.waiting_entry AS w
WHERE w.state IN ('waiting', 'offered') AND ($3::integer IS NULL OR w.region_id = $3) AND (
    w.ends_at <= $1
    OR w.state = 'offered' AND NOT EXISTS (
        SELECT 1 FROM reservations.ticket AS t
        WHERE t.region_id = w.region_id AND t.booking_id = w.booking_id AND t.status = 'held'
    )
    OR w.state = 'waiting' AND EXISTS (
        SELECT 1 FROM reservations.session AS s
        WHERE s.region_id = w.region_id AND s.id = ANY (w.session_ids) AND s.status = 'scheduled' AND s.sale_closes_at > $1
            AND NOT EXISTS (
                SELECT 1 FROM reservations.pool AS p
                WHERE p.region_id = w.region_id AND p.id = ANY (s.pool_ids) AND p.kind IN ('room', 'shared')
                    AND p.taken + p.held >= p.capacity
            )
    ) AND (w.course_id IS NULL OR NOT EXISTS (
        SELECT 1 FROM reservations.session AS s
        JOIN reservations.pool AS p ON p.region_id = w.region_id AND p.id = ANY (s.pool_ids)
        WHERE s.region_id = w.region_id AND s.id = ANY (w.session_ids) AND s.status = 'scheduled' AND s.sale_closes_at > $1
            AND p.kind IN ('room', 'shared') AND p.taken + p.held >= p.capacity
    ))
)
LIMIT $2;
