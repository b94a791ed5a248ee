-- name: find_sold_as_card
-- The card of turns that date $3 or activity $4 of an organiser is, with one of the activities that it is for.
SELECT c.session_id, e.id AS for_event_id
FROM reservations.session AS s
JOIN reservations.turn_card AS c ON c.region_id = $1 AND c.session_id = s.id
JOIN reservations.turn_card_event AS f ON f.region_id = $1 AND f.session_id = c.session_id
JOIN organisers.event AS e ON e.region_id = $1 AND e.id = f.event_id
WHERE s.region_id = $1 AND s.organiser_id = $2 AND (s.id = $3 OR s.event_id = $4)
ORDER BY e.name, e.id
LIMIT 1;
