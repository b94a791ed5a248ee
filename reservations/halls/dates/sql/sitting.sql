-- name: read_hung
SELECT s.plan_id, p.name
FROM reservations.seated_session AS s
JOIN reservations.seat_plan AS p ON p.region_id = $1 AND p.id = s.plan_id
WHERE s.region_id = $1 AND s.session_id = $2;

-- name: read_sitting
SELECT t.booking_id, t.line_no, t.no, t.seat, t.weight,
    CASE WHEN organisers.name_asked($1, s.event_id, b.made_at) <> '' THEN coalesce(p.given_name, split_part(c.name, ' ', 1)) END AS first_name
FROM reservations.ticket AS t
JOIN reservations.booking AS b ON b.region_id = $1 AND b.id = t.booking_id
JOIN reservations.line AS l ON l.region_id = $1 AND l.booking_id = t.booking_id AND l.no = t.line_no
JOIN reservations.session AS s ON s.region_id = $1 AND s.id = t.session_id
LEFT JOIN passes.membership AS m ON m.region_id = $1 AND m.id = l.holder_id
LEFT JOIN identity.person AS p ON p.id = m.person_id
LEFT JOIN reservations.contact AS c ON c.region_id = $1 AND c.booking_id = t.booking_id
WHERE t.region_id = $1 AND t.session_id = $2 AND t.status IN ('held', 'confirmed', 'attended', 'no_show')
ORDER BY t.booking_id, t.line_no, t.no;

-- name: read_blocked
SELECT seat, reason FROM reservations.blocked_seat WHERE region_id = $1 AND session_id = $2 ORDER BY seat;

-- name: hang_plan
INSERT INTO reservations.seated_session AS s (region_id, session_id, plan_id, hung_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (region_id, session_id) DO UPDATE SET plan_id = excluded.plan_id, hung_at = excluded.hung_at
WHERE s.plan_id <> excluded.plan_id;

-- name: take_plan_down
DELETE FROM reservations.seated_session WHERE region_id = $1 AND session_id = $2;

-- name: block_seats
INSERT INTO reservations.blocked_seat (region_id, session_id, seat, reason, blocked_at)
SELECT $1, $2, b.seat, $4, $5 FROM unnest($3::text[]) AS b (seat)
ON CONFLICT (region_id, session_id, seat) DO NOTHING;

-- name: unblock_seats
DELETE FROM reservations.blocked_seat WHERE region_id = $1 AND session_id = $2 AND seat = ANY ($3);
