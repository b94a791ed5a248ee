-- name: read_next
-- By what name a session is known that somebody chose and did not book yet.
SELECT e.name
FROM reservations.session AS s
JOIN organisers.event AS e ON e.region_id = $1 AND e.id = s.event_id
WHERE s.region_id = $1 AND s.id = $2;
