-- name: read_booker
-- The holder of the first line, who is told what becomes of the booking.
SELECT p.id AS person_id, p.given_name, p.email
FROM reservations.line AS l
JOIN passes.membership AS m ON m.region_id = $1 AND m.id = l.holder_id
JOIN identity.person AS p ON p.id = m.person_id
WHERE l.region_id = $1 AND l.booking_id = $2
ORDER BY l.no
LIMIT 1;

-- name: find_holder
-- The membership by which somebody holds a line of the booking.
SELECT m.id FROM passes.membership AS m
JOIN reservations.line AS l ON l.region_id = $1 AND l.booking_id = $2 AND l.holder_id = m.id
WHERE m.region_id = $1 AND m.person_id = $3
LIMIT 1;

-- name: find_claimant
-- The membership by which somebody claimed the booking that they made as a guest.
SELECT m.id FROM passes.membership AS m
JOIN reservations.claimed_booking AS c ON c.region_id = $1 AND c.booking_id = $2 AND c.membership_id = m.id
WHERE m.region_id = $1 AND m.person_id = $3;

-- name: coming_bookings
-- Of what somebody holds, their own lines; of what they claimed, all of it.
SELECT min(s.starts_at) AS starts_at, own.booking_id AS id
FROM (
    SELECT l.booking_id, l.no FROM passes.membership AS m
    JOIN reservations.line AS l ON l.region_id = $1 AND l.holder_id = m.id
    WHERE m.region_id = $1 AND m.person_id = $2
    UNION ALL
    SELECT l.booking_id, l.no FROM passes.membership AS m
    JOIN reservations.claimed_booking AS c ON c.region_id = $1 AND c.membership_id = m.id
    JOIN reservations.line AS l ON l.region_id = $1 AND l.booking_id = c.booking_id
    WHERE m.region_id = $1 AND m.person_id = $2
) AS own
JOIN reservations.ticket AS t
    ON t.region_id = $1 AND t.booking_id = own.booking_id AND t.line_no = own.no AND t.status IN ('held', 'confirmed')
JOIN reservations.session AS s
    ON s.region_id = $1 AND s.id = t.session_id AND (s.ends_at > $3 OR s.status IN ('postponed', 'suspended'))
GROUP BY own.booking_id
ORDER BY 1, 2
LIMIT $4;

-- name: past_bookings
-- All that is not coming: what was, and what was given up.
SELECT max(s.starts_at) AS starts_at, own.booking_id AS id
FROM (
    SELECT l.booking_id, l.no FROM passes.membership AS m
    JOIN reservations.line AS l ON l.region_id = $1 AND l.holder_id = m.id
    WHERE m.region_id = $1 AND m.person_id = $2
    UNION ALL
    SELECT l.booking_id, l.no FROM passes.membership AS m
    JOIN reservations.claimed_booking AS c ON c.region_id = $1 AND c.membership_id = m.id
    JOIN reservations.line AS l ON l.region_id = $1 AND l.booking_id = c.booking_id
    WHERE m.region_id = $1 AND m.person_id = $2
) AS own
JOIN reservations.ticket AS t ON t.region_id = $1 AND t.booking_id = own.booking_id AND t.line_no = own.no
JOIN reservations.session AS s ON s.region_id = $1 AND s.id = t.session_id
GROUP BY own.booking_id
HAVING NOT bool_or(
        t.status IN ('held', 'confirmed') AND (s.ends_at > $3 OR s.status IN ('postponed', 'suspended'))
    )
    AND (max(s.starts_at), own.booking_id) < ($4, $5)
ORDER BY 1 DESC, 2 DESC
LIMIT $6;

-- name: read_outings
SELECT b.id AS booking_id, b.made_at, s.id AS session_id, s.event_id, e.name, s.domain::text, e.type_label,
    s.attendance::text, e.online_url, s.status::text AS session_status, s.status_reason,
    s.starts_at, s.ends_at, s.moved_from, s.moved_at, s.cancel_until, coalesce(v.name, '') AS venue,
    coalesce(v.street, '') AS street, coalesce(v.postal_code, '') AS postal_code, coalesce(v.locality, '') AS town,
    o.name AS organiser, o.enterprise_number AS organiser_number, o.phone, t.places, l.credit_cents, t.live_places,
    t.returned_cents, t.statuses, t.tickets, t.live_tickets
FROM reservations.booking AS b
CROSS JOIN LATERAL (
    SELECT session_id, sum(credit_cents)::integer AS credit_cents
    FROM reservations.line
    WHERE region_id = $1 AND booking_id = b.id
    GROUP BY session_id
) AS l
CROSS JOIN LATERAL (
    SELECT array_agg(DISTINCT status::text) AS statuses,
        sum(weight)::integer AS places, count(*)::integer AS tickets,
        coalesce(sum(weight) FILTER (WHERE status IN ('held', 'confirmed')), 0)::integer AS live_places,
        count(*) FILTER (WHERE status IN ('held', 'confirmed'))::integer AS live_tickets,
        sum(returned_cents)::integer AS returned_cents
    FROM reservations.ticket
    WHERE region_id = $1 AND booking_id = b.id AND session_id = l.session_id
) AS t
JOIN reservations.session AS s ON s.region_id = $1 AND s.id = l.session_id
JOIN organisers.event AS e ON e.region_id = $1 AND e.id = s.event_id
JOIN organisers.organiser AS o ON o.region_id = $1 AND o.id = s.organiser_id
LEFT JOIN organisers.venue AS v ON v.region_id = $1 AND v.id = e.venue_id
WHERE b.region_id = $1 AND b.id = ANY ($2)
ORDER BY s.starts_at, b.id;

-- name: read_tickets
-- Those that still open a door. `position` counts those that ended too: what is printed stays true.
SELECT t.session_id, t.line_no, t.no, t.position::integer, t.status::text, t.seat, t.weight,
    reservations.label_of(f.eligibility, f.code, f.name) AS label
FROM (
    SELECT *, row_number() OVER (ORDER BY line_no, no) AS position
    FROM reservations.ticket WHERE region_id = $1 AND booking_id = $2
) AS t
JOIN reservations.line AS l ON l.region_id = $1 AND l.booking_id = t.booking_id AND l.no = t.line_no
LEFT JOIN reservations.tariff AS f
    ON f.region_id = $1 AND f.session_id = l.session_id AND f.code = l.tariff_code
WHERE t.status IN ('held', 'confirmed')
ORDER BY t.position
LIMIT $3 OFFSET $4;

-- name: read_together
-- For each session for which a booking has several tickets, the first of whose lines is named: how many people may still come
-- in, and how many it brings.
SELECT session_id, min(line_no) AS line_no, coalesce(sum(weight) FILTER (WHERE status = 'confirmed'), 0)::integer AS people_left,
    sum(weight)::integer AS people
FROM reservations.ticket
WHERE region_id = $1 AND booking_id = $2 AND status IN ('confirmed', 'attended')
GROUP BY session_id
HAVING count(*) > 1 AND bool_or(status = 'confirmed');

-- name: read_positions
SELECT line_no, no, row_number() OVER (ORDER BY line_no, no)::integer AS position
FROM reservations.ticket WHERE region_id = $1 AND booking_id = $2
ORDER BY line_no, no;
