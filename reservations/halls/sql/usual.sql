-- name: read_activity_and_place
SELECT e.id AS event_id, e.name AS event, v.id AS venue_id, v.name AS venue
FROM reservations.session AS s
JOIN organisers.event AS e ON e.region_id = $1 AND e.id = s.event_id
LEFT JOIN organisers.venue AS v ON v.region_id = $1 AND v.id = e.venue_id
WHERE s.region_id = $1 AND s.organiser_id = $2 AND s.id = $3;

-- name: read_usual
-- What is usual for a date: by its activity, and by its place.
SELECT u.of_kind, CASE WHEN u.of_kind = 'event' THEN e.name ELSE v.name END AS of_name, (
    SELECT p.name FROM reservations.seat_plan AS p
    WHERE p.region_id = $1 AND p.organiser_id = $2 AND p.hall_id = u.hall_id
    ORDER BY p.made_at DESC LIMIT 1
) AS hall
FROM reservations.session AS s
JOIN organisers.event AS e ON e.region_id = $1 AND e.id = s.event_id
LEFT JOIN organisers.venue AS v ON v.region_id = $1 AND v.id = e.venue_id
JOIN reservations.usual_hall AS u ON u.region_id = $1 AND u.organiser_id = $2 AND (
    u.of_kind = 'event' AND u.of_id = e.id OR u.of_kind = 'venue' AND u.of_id = e.venue_id
)
WHERE s.region_id = $1 AND s.organiser_id = $2 AND s.id = $3
ORDER BY u.of_kind;

-- name: coming_dates
-- The dates to come of an activity, or of all that an organiser has at a place.
SELECT s.id, d.session_id IS NOT NULL AS has_plan
FROM reservations.session AS s
JOIN organisers.event AS e ON e.region_id = $1 AND e.id = s.event_id
LEFT JOIN reservations.seated_session AS d ON d.region_id = $1 AND d.session_id = s.id
WHERE s.region_id = $1 AND s.organiser_id = $2 AND s.ends_at > $5 AND s.status <> 'cancelled' AND s.attendance <> 'online'
    AND (CASE WHEN $3 = 'event' THEN e.id ELSE e.venue_id END) = $4
    AND NOT EXISTS (SELECT 1 FROM reservations.turn_card AS c WHERE c.region_id = $1 AND c.session_id = s.id)
ORDER BY s.id
LIMIT 1000;

-- name: write_usual
INSERT INTO reservations.usual_hall (region_id, organiser_id, of_kind, of_id, hall_id, changed_at)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (region_id, organiser_id, of_kind, of_id) DO UPDATE SET hall_id = excluded.hall_id, changed_at = excluded.changed_at;

-- name: copy_usual
-- For the copy of an activity.
INSERT INTO reservations.usual_hall (region_id, organiser_id, of_kind, of_id, hall_id, changed_at)
SELECT $1, u.organiser_id, u.of_kind, $3, u.hall_id, $4
FROM reservations.usual_hall AS u WHERE u.region_id = $1 AND u.of_kind = 'event' AND u.of_id = $2
ON CONFLICT (region_id, organiser_id, of_kind, of_id) DO NOTHING;
