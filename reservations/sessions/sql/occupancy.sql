-- name: read_organiser
SELECT name FROM organisers.organiser WHERE region_id = $1 AND id = $2;

-- name: list_occupancy
-- Rooms hold everybody once: a part of a room is in it, and what sessions share is beside it. No more is free than there are seats
-- where these are numbered. Cards of turns fill none: the page of their activity leads to them.
SELECT s.id, e.name AS event, coalesce(v.name, '') AS venue, s.starts_at, s.ends_at, s.status::text AS status,
    e.visible_from, e.visible_to, room.taken, room.held, room.capacity
FROM reservations.session AS s
JOIN organisers.event AS e ON e.region_id = $1 AND e.id = s.event_id
LEFT JOIN organisers.venue AS v ON v.region_id = $1 AND v.id = e.venue_id
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
WHERE s.region_id = $1 AND s.organiser_id = $2 AND s.ends_at >= $3 AND (s.starts_at, s.id) > ($4, $5)
    AND NOT EXISTS (SELECT 1 FROM reservations.turn_card AS c WHERE c.region_id = $1 AND c.session_id = s.id)
ORDER BY s.starts_at, s.id
LIMIT $6;

-- name: read_attendance
SELECT e.name AS event, coalesce(v.name, '') AS venue, s.starts_at, s.ends_at, s.status::text AS status,
    s.status_reason, e.visible_from, e.visible_to, people.inside, people.expected, s.told_at IS NOT NULL AS is_another, s.choose_until,
    EXISTS (SELECT 1 FROM reservations.turn_card AS c WHERE c.region_id = $1 AND c.session_id = s.id) AS is_turn_card
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

-- name: is_settled
-- Whether it is over, and the worker has nothing left to do for its bookings: credit is earned, and who did not come is known.
SELECT s.ends_at < $4 AND s.due_at IS NULL
FROM reservations.session AS s
WHERE s.region_id = $1 AND s.organiser_id = $2 AND s.id = $3;

-- name: read_pools
-- What is set apart for a channel is counted in its room.
SELECT p.id, p.name, p.kind, p.taken, p.held, p.licensed_capacity, p.capacity,
    reservations.capacity_of($1, s.id, p.kind, p.capacity, p.licensed_capacity) AS in_force,
    CASE WHEN p.kind = 'room' AND (p.parent_id IS NULL OR p.parent_id <> ALL (s.pool_ids)) AND seats.free IS NOT NULL THEN least(
        reservations.capacity_of($1, s.id, p.kind, p.capacity, p.licensed_capacity), p.taken + p.held + seats.free
    ) END AS bookable
FROM reservations.session AS s
CROSS JOIN LATERAL (SELECT reservations.seats_left($1, s.id) AS free OFFSET 0) AS seats
JOIN reservations.pool AS p ON p.region_id = $1 AND p.id = ANY (s.pool_ids)
WHERE s.region_id = $1 AND s.organiser_id = $2 AND s.id = $3 AND p.kind <> 'allotment'
ORDER BY p.kind = 'shared', p.parent_id IS NOT NULL, p.name, p.id;

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
SELECT t.line_no, t.no, t.status::text AS status, t.weight AS people, t.seat, t.attended_at, t.checkin_id,
    reservations.label_at_door($1, t.booking_id, t.line_no, t.no) AS label
FROM reservations.ticket AS t
WHERE t.region_id = $1 AND t.booking_id = $2 AND t.session_id = $3 AND t.status IN ('confirmed', 'attended', 'no_show')
ORDER BY t.line_no, t.no;

-- name: read_touched
SELECT count(DISTINCT t.booking_id) AS bookings, coalesce(sum(t.weight), 0) AS people
FROM reservations.ticket AS t
WHERE t.region_id = $1 AND t.session_id = $2 AND t.status IN ('held', 'confirmed', 'attended', 'no_show');
