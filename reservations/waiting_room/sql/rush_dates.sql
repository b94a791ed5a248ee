-- name: read_rush_dates
SELECT s.id AS session_id, s.organiser_id, o.name AS organiser, e.name, s.starts_at, s.ends_at, s.sale_opens_at AS opens_at,
    w.session_id IS NOT NULL AS has_room
FROM reservations.session AS s
JOIN organisers.event AS e ON e.region_id = $1 AND e.id = s.event_id
JOIN organisers.organiser AS o ON o.region_id = $1 AND o.id = s.organiser_id
LEFT JOIN reservations.waiting_room AS w ON w.region_id = $1 AND w.session_id = s.id AND w.ended_at IS NULL
WHERE s.region_id = $1 AND s.status = 'scheduled' AND s.starts_at >= $2 AND s.starts_at < $3
    AND (s.sale_opens_at > $2 OR w.session_id IS NOT NULL)
ORDER BY s.sale_opens_at, s.id
LIMIT $4;
