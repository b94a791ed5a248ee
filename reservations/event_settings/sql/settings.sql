-- name: read_settings
SELECT e.id AS event_id, e.is_discreet, e.asks_first_name, e.asks_full_name
FROM reservations.session AS s
JOIN organisers.event AS e ON e.region_id = $1 AND e.id = s.event_id
WHERE s.region_id = $1 AND s.id = $2;
