-- name: tell_organisers
-- A message for each of the staff of an organiser with dates to come that a measure is for; for one without staff one for its own
-- address. Each is a message of its own, so that an address that fails holds up nobody else. Cards of turns fill no room.
WITH told AS (
    SELECT o.organiser_id, t.staff_id
    FROM (
        SELECT DISTINCT s.organiser_id
        FROM reservations.measure AS m
        JOIN reservations.session AS s ON s.region_id = $1 AND s.ends_at > $4 AND s.status <> 'cancelled' AND s.attendance <> 'online'
            AND (s.starts_at AT TIME ZONE 'Europe/Brussels')::date <= m.to_on AND (s.ends_at AT TIME ZONE 'Europe/Brussels')::date >= m.from_on
        JOIN organisers.event AS e ON e.region_id = $1 AND e.id = s.event_id
        LEFT JOIN organisers.venue AS v ON v.region_id = $1 AND v.id = e.venue_id
        WHERE m.region_id = $1 AND m.id = $2 AND m.organiser_id IS NULL
            AND reservations.is_in_scope(m.scope, m.scope_id, m.refnis, v.refnis, s.organiser_id, e.venue_id) AND EXISTS (
            SELECT 1 FROM reservations.pool AS p
            WHERE p.region_id = $1 AND p.id = ANY (s.pool_ids) AND p.kind = 'room' AND p.licensed_capacity > 0
        ) AND NOT EXISTS (SELECT 1 FROM reservations.turn_card AS c WHERE c.region_id = $1 AND c.session_id = s.id)
    ) AS o
    LEFT JOIN LATERAL (
        SELECT DISTINCT r.staff_id FROM identity.role AS r
        JOIN identity.staff AS f ON f.id = r.staff_id AND f.ended_at IS NULL
        WHERE r.region_id = $1 AND r.role = 'organiser' AND r.organiser_id = o.organiser_id
            AND r.starts_at <= $4 AND (r.ends_at IS NULL OR r.ends_at > $4)
    ) AS t ON true
)
SELECT uit.write_outbox($1, (
    SELECT json_agg(json_build_object('topic', $3::text, 'key', $2::uuid, 'payload', json_build_object(
        'organiser_id', w.organiser_id, 'staff_id', w.staff_id
    ))) FROM told AS w
), $4)
WHERE EXISTS (SELECT 1 FROM told);

-- name: read_told_measure
SELECT m.places, m.percent::integer, m.from_on, m.to_on, m.reason, m.ended_at
FROM reservations.measure AS m
WHERE m.region_id = $1 AND m.id = $2;

-- name: read_dates
-- The dates to come of an organiser that a measure is for, with what all measures of now leave.
SELECT e.name AS event, coalesce(v.name, '') AS venue, s.starts_at, s.ends_at, room.taken, room.capacity, room.cap,
    count(*) OVER () AS of_all
FROM reservations.measure AS m
JOIN reservations.session AS s ON s.region_id = $1 AND s.organiser_id = $3 AND s.ends_at > $4
    AND s.status <> 'cancelled' AND s.attendance <> 'online'
    AND (s.starts_at AT TIME ZONE 'Europe/Brussels')::date <= m.to_on AND (s.ends_at AT TIME ZONE 'Europe/Brussels')::date >= m.from_on
JOIN organisers.event AS e ON e.region_id = $1 AND e.id = s.event_id
LEFT JOIN organisers.venue AS v ON v.region_id = $1 AND v.id = e.venue_id
CROSS JOIN LATERAL (
    SELECT sum(p.taken) AS taken, sum(p.capacity) AS capacity,
        sum(reservations.capacity_of($1, s.id, p.kind, p.capacity, p.licensed_capacity)) AS cap
    FROM reservations.pool AS p
    WHERE p.region_id = $1 AND p.id = ANY (s.pool_ids) AND p.kind = 'room' AND p.licensed_capacity > 0
) AS room
WHERE m.region_id = $1 AND m.id = $2 AND room.capacity IS NOT NULL
    AND reservations.is_in_scope(m.scope, m.scope_id, m.refnis, v.refnis, s.organiser_id, e.venue_id)
    AND NOT EXISTS (SELECT 1 FROM reservations.turn_card AS c WHERE c.region_id = $1 AND c.session_id = s.id)
ORDER BY s.starts_at, s.id
LIMIT $5;
