-- name: read_shown
-- The measure that leaves the fewest places in the room of a date, where that is fewer than there would be. What is online and a
-- card of turns fill no room, as `cap_of` counts it.
SELECT m.from_on, m.to_on, m.reason
FROM reservations.session AS s
JOIN organisers.event AS e ON e.region_id = $1 AND e.id = s.event_id
LEFT JOIN organisers.venue AS v ON v.region_id = $1 AND v.id = e.venue_id
JOIN reservations.pool AS p ON p.region_id = $1 AND p.id = ANY (s.pool_ids) AND p.kind = 'room'
JOIN reservations.measure AS m ON m.region_id = $1 AND m.ended_at IS NULL
    AND m.from_on <= (s.ends_at AT TIME ZONE 'Europe/Brussels')::date
    AND m.to_on >= (s.starts_at AT TIME ZONE 'Europe/Brussels')::date
    AND (m.organiser_id IS NULL OR m.organiser_id = s.organiser_id)
WHERE s.region_id = $1 AND s.id = $2 AND s.attendance <> 'online'
    AND NOT EXISTS (SELECT 1 FROM reservations.turn_card AS c WHERE c.region_id = $1 AND c.session_id = s.id)
    AND coalesce(m.places, p.licensed_capacity * m.percent / 100) < p.capacity
    AND reservations.is_in_scope(m.scope, m.scope_id, m.refnis, v.refnis, s.organiser_id, e.venue_id)
ORDER BY coalesce(m.places, p.licensed_capacity * m.percent / 100), m.taken_at, m.id
LIMIT 1;
