-- name: find_regions
-- Where somebody waits, or has an offer to answer.
SELECT DISTINCT w.region_id FROM reservations.waiting_entry AS w WHERE w.state IN ('waiting', 'offered');

-- name: find_due_lines
-- Where a date has what somebody waits for, where an offer is not held any more though nobody wrote that down, or where a date that
-- somebody waited for is over. Who waits for a course needs all of its dates. Who wants the same is looked at once.
SELECT w.event_id
FROM reservations.waiting_entry AS w
WHERE w.region_id = $1 AND w.state IN ('waiting', 'offered') AND (
    w.ends_at <= $2
    OR w.state = 'offered' AND NOT EXISTS (
        SELECT 1 FROM reservations.ticket AS t
        WHERE t.region_id = $1 AND t.booking_id = w.booking_id AND t.status = 'held'
    )
)
UNION
SELECT wanted.event_id FROM (
    SELECT DISTINCT w.event_id, w.session_ids, reservations.only_places(w.lines) AS lines,
        w.course_id IS NULL AND e.waiting_rule = 'keep' AS keeps, w.course_id IS NOT NULL AS is_course
    FROM reservations.waiting_entry AS w
    JOIN organisers.event AS e ON e.region_id = $1 AND e.id = w.event_id
    WHERE w.region_id = $1 AND w.state = 'waiting'
) AS wanted
WHERE reservations.have_room_for($1, wanted.session_ids, wanted.lines, wanted.keeps, wanted.is_course, $2)
LIMIT $3;
