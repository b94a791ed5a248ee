-- name: read_evenings
-- Sessions at which desks look, as their pages read them (`reservations/sessions/sql/occupancy.sql`).
SELECT s.id, s.organiser_id, room.taken, room.held, room.capacity, people.inside, people.expected
FROM reservations.session AS s
CROSS JOIN LATERAL (
    SELECT coalesce(sum(p.taken), 0) AS taken, coalesce(sum(p.held), 0) AS held,
        least(
            coalesce(sum(reservations.capacity_of($1, s.id, p.kind, p.capacity, p.licensed_capacity)), 0),
            coalesce(sum(p.taken + p.held), 0) + reservations.seats_left($1, s.id)
        ) AS capacity
    FROM reservations.pool AS p
    WHERE p.region_id = $1 AND p.id = ANY (s.pool_ids)
        AND p.kind = 'room' AND (p.parent_id IS NULL OR p.parent_id <> ALL (s.pool_ids))
) AS room
CROSS JOIN LATERAL (
    SELECT coalesce(sum(t.weight) FILTER (WHERE t.status = 'attended'), 0) AS inside,
        coalesce(sum(t.weight) FILTER (WHERE t.status IN ('confirmed', 'attended', 'no_show')), 0) AS expected
    FROM reservations.ticket AS t
    WHERE t.region_id = $1 AND t.session_id = s.id
) AS people
WHERE s.region_id = $1 AND s.id = ANY ($2);
