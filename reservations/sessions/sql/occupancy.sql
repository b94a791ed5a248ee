-- name: read_organiser
SELECT name FROM organisers.organiser WHERE region_id = $1 AND id = $2;

-- name: list_occupancy
-- The outermost pools hold everybody once: a quota inside a room is part of the room.
SELECT s.id, e.name AS event, coalesce(v.name, '') AS venue, s.starts_at, s.ends_at, s.status::text AS status,
    e.visible_from, e.visible_to, room.taken, room.held, room.capacity
FROM reservations.session AS s
JOIN organisers.event AS e ON e.region_id = $1 AND e.id = s.event_id
LEFT JOIN organisers.venue AS v ON v.region_id = $1 AND v.id = e.venue_id
CROSS JOIN LATERAL (
    SELECT coalesce(sum(p.taken), 0) AS taken, coalesce(sum(p.held), 0) AS held, coalesce(sum(p.capacity), 0) AS capacity
    FROM reservations.pool AS p
    WHERE p.region_id = $1 AND p.id = ANY (s.pool_ids)
        AND (p.parent_id IS NULL OR p.parent_id <> ALL (s.pool_ids))
) AS room
WHERE s.region_id = $1 AND s.organiser_id = $2 AND s.ends_at >= $3 AND (s.starts_at, s.id) > ($4, $5)
ORDER BY s.starts_at, s.id
LIMIT $6;

-- name: read_attendance
SELECT e.name AS event, coalesce(v.name, '') AS venue, s.starts_at, s.ends_at, s.status::text AS status,
    s.status_reason, e.visible_from, e.visible_to, people.inside, people.expected
FROM reservations.session AS s
JOIN organisers.event AS e ON e.region_id = $1 AND e.id = s.event_id
LEFT JOIN organisers.venue AS v ON v.region_id = $1 AND v.id = e.venue_id
CROSS JOIN LATERAL (
    SELECT coalesce(sum(t.weight) FILTER (WHERE t.status = 'attended'), 0) AS inside,
        coalesce(sum(t.weight) FILTER (WHERE t.status IN ('confirmed', 'attended', 'no_show')), 0) AS expected
    FROM reservations.ticket AS t
    WHERE t.region_id = $1 AND t.session_id = s.id
) AS people
WHERE s.region_id = $1 AND s.organiser_id = $2 AND s.id = $3;

-- name: read_pools
SELECT p.id, p.name, p.taken, p.held, p.capacity, p.licensed_capacity
FROM reservations.session AS s
JOIN reservations.pool AS p ON p.region_id = $1 AND p.id = ANY (s.pool_ids)
WHERE s.region_id = $1 AND s.organiser_id = $2 AND s.id = $3
ORDER BY p.parent_id IS NOT NULL, p.name, p.id;

-- name: read_tariffs
SELECT t.name, t.price_cents, people.expected, people.inside
FROM reservations.tariff AS t
CROSS JOIN LATERAL (
    SELECT coalesce(sum(k.weight) FILTER (WHERE k.status IN ('confirmed', 'attended', 'no_show')), 0) AS expected,
        coalesce(sum(k.weight) FILTER (WHERE k.status = 'attended'), 0) AS inside
    FROM reservations.ticket AS k
    JOIN reservations.line AS l ON l.region_id = $1 AND l.booking_id = k.booking_id AND l.no = k.line_no
    WHERE k.region_id = $1 AND k.session_id = t.session_id AND l.tariff_code = t.code
) AS people
WHERE t.region_id = $1 AND t.session_id = $2 AND (t.active OR people.expected > 0)
ORDER BY t.rank, t.code;

-- name: read_party
SELECT t.line_no, t.no, t.status::text AS status, t.weight AS people, t.seat, t.attended_at, t.checkin_id
FROM reservations.ticket AS t
WHERE t.region_id = $1 AND t.booking_id = $2 AND t.session_id = $3 AND t.status IN ('confirmed', 'attended', 'no_show')
ORDER BY t.line_no, t.no;

-- name: read_parties
SELECT t.booking_id,
    sum(t.weight) AS expected, coalesce(sum(t.weight) FILTER (WHERE t.status = 'attended'), 0) AS inside
FROM reservations.ticket AS t
WHERE t.region_id = $1 AND t.session_id = $2 AND t.status IN ('confirmed', 'attended', 'no_show') AND t.booking_id > $3
GROUP BY t.booking_id
ORDER BY t.booking_id
LIMIT $4;

-- name: read_touched
-- Told is the holder of a booking's first line, or the guest who made it.
SELECT count(DISTINCT t.booking_id) AS bookings, coalesce(sum(t.weight), 0) AS people,
    count(DISTINCT t.booking_id) FILTER (WHERE booker.email IS NOT NULL OR guest.email IS NOT NULL) AS told
FROM reservations.ticket AS t
LEFT JOIN LATERAL (
    SELECT p.email
    FROM reservations.line AS l
    JOIN passes.membership AS m ON m.region_id = $1 AND m.id = l.holder_id
    JOIN identity.person AS p ON p.id = m.person_id
    WHERE l.region_id = $1 AND l.booking_id = t.booking_id
    ORDER BY l.no
    LIMIT 1
) AS booker ON true
LEFT JOIN reservations.contact AS guest ON guest.region_id = $1 AND guest.booking_id = t.booking_id
WHERE t.region_id = $1 AND t.session_id = $2 AND t.status IN ('held', 'confirmed', 'attended', 'no_show');
