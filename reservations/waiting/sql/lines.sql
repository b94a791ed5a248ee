-- name: read_lines
-- Of an entry every date counts for which it waits; an offer is of those that it holds.
SELECT s.id, e.name AS event, s.starts_at, s.ends_at, line.waiting, line.offered
FROM reservations.session AS s
JOIN organisers.event AS e ON e.region_id = $1 AND e.id = s.event_id
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE w.state = 'waiting')::integer AS waiting,
        count(*) FILTER (WHERE w.state = 'offered' AND EXISTS (
            SELECT 1 FROM reservations.ticket AS t
            WHERE t.region_id = $1 AND t.booking_id = w.booking_id AND t.session_id = s.id AND t.status = 'held'
        ))::integer AS offered
    FROM reservations.waiting_entry AS w
    WHERE w.region_id = $1 AND w.event_id = s.event_id AND s.id = ANY (w.session_ids) AND w.state IN ('waiting', 'offered')
) AS line
WHERE s.region_id = $1 AND s.organiser_id = $2 AND s.ends_at > $3 AND line.waiting + line.offered > 0
ORDER BY s.starts_at, s.id
LIMIT $4;
