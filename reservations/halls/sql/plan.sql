-- name: list_plans
-- Of each hall the plan that was saved last.
SELECT DISTINCT ON (p.name, p.hall_id) p.id, p.hall_id, p.name, v.name AS venue, p.seats, p.made_at, (
    SELECT count(*)::integer
    FROM reservations.seat_plan AS q
    JOIN reservations.seated_session AS d ON d.region_id = $1 AND d.plan_id = q.id
    JOIN reservations.session AS s ON s.region_id = $1 AND s.id = d.session_id AND s.ends_at > $3
    WHERE q.region_id = $1 AND q.organiser_id = $2 AND q.hall_id = p.hall_id
) AS dates
FROM reservations.seat_plan AS p
LEFT JOIN organisers.venue AS v ON v.region_id = $1 AND v.id = p.venue_id
WHERE p.region_id = $1 AND p.organiser_id = $2 AND p.made_at = (
    SELECT max(q.made_at) FROM reservations.seat_plan AS q
    WHERE q.region_id = $1 AND q.organiser_id = $2 AND q.hall_id = p.hall_id
)
ORDER BY p.name, p.hall_id, p.id;

-- name: read_plan
SELECT id, hall_id, venue_id, name, best_row, lines
FROM reservations.seat_plan WHERE region_id = $1 AND organiser_id = $2 AND id = $3;

-- name: list_venues
-- The places where this organiser has activities.
SELECT v.id, v.name FROM organisers.venue AS v
WHERE v.region_id = $1 AND v.id IN (
    SELECT e.venue_id FROM organisers.event AS e WHERE e.region_id = $1 AND e.organiser_id = $2
)
ORDER BY v.name, v.id;

-- name: insert_plan
INSERT INTO reservations.seat_plan
    (region_id, id, hall_id, organiser_id, venue_id, name, best_row, lines, seats, made_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (region_id, id) DO NOTHING;

-- name: organiser_of
SELECT organiser_id FROM reservations.session WHERE region_id = $1 AND id = $2;
