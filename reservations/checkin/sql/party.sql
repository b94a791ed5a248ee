-- name: session_of_line
SELECT session_id FROM reservations.line WHERE region_id = $1 AND booking_id = $2 AND no = $3;

-- name: person_of_holder
SELECT person_id FROM passes.membership WHERE region_id = $1 AND id = $2;

-- name: bookings_of_holder
-- Those in which a holder has a line, that they claimed, or that they made for these others, with a ticket for this session.
SELECT coalesce(array_agg(DISTINCT t.booking_id), '{}')
FROM (
    SELECT booking_id FROM reservations.line WHERE region_id = $1 AND holder_id = $3
    UNION
    SELECT booking_id FROM reservations.claimed_booking WHERE region_id = $1 AND membership_id = $3
    UNION
    SELECT l.booking_id FROM reservations.line AS l
    JOIN reservations.booking AS b
        ON b.region_id = $1 AND b.id = l.booking_id AND b.actor_kind = 'holder' AND b.actor_id = $4
    WHERE l.region_id = $1 AND l.holder_id = ANY ($5)
) AS own
JOIN reservations.ticket AS t ON t.region_id = $1 AND t.booking_id = own.booking_id AND t.session_id = $2;

-- name: lock_bookings
-- In the order of the turnstile, before it cancels or lets lapse. What happened is read in a later statement.
SELECT FROM reservations.booking WHERE region_id = $1 AND id = ANY ($2) ORDER BY id FOR NO KEY UPDATE;

-- name: read_date
-- Locked against a change of its time or status, as for a single ticket. `id_taken`: check-in $3 let in somebody before, in
-- another booking than these.
SELECT s.id AS session_id, s.organiser_id, e.name AS event, s.starts_at, s.ends_at, s.status::text AS status,
    EXISTS (SELECT 1 FROM reservations.ticket AS o WHERE o.region_id = $1 AND o.checkin_id = $3 AND o.booking_id <> ALL ($4)) AS id_taken
FROM reservations.session AS s
JOIN organisers.event AS e ON e.region_id = $1 AND e.id = s.event_id
WHERE s.region_id = $1 AND s.id = $2
FOR SHARE OF s;

-- name: read_tickets
-- Those of a booking's code, or what holder $5 shows: their own, those of $7 in what they made, and all of a booking that they
-- claimed or hold the first line of, as they are who got its tickets; but not where it was made for others. `taken_back`:
-- check-in $4 of it was a mistake.
SELECT t.booking_id, t.line_no, t.no, t.weight AS people, reservations.label_at_door($1, t.booking_id, t.line_no, t.no) AS label, t.seat,
    t.status::text AS status, t.attended_at, t.checkin_id, b.checkin_id IS NOT NULL AS taken_back,
    reservations.is_looked_at($1, t.booking_id, t.line_no, t.no) AS is_looked_at
FROM reservations.ticket AS t
JOIN reservations.booking AS k ON k.region_id = $1 AND k.id = t.booking_id
JOIN reservations.line AS l ON l.region_id = $1 AND l.booking_id = t.booking_id AND l.no = t.line_no
JOIN reservations.line AS head ON head.region_id = $1 AND head.booking_id = t.booking_id AND head.no = 1
LEFT JOIN reservations.claimed_booking AS c ON c.region_id = $1 AND c.booking_id = t.booking_id
LEFT JOIN reservations.checkin_taken_back AS b
    ON b.region_id = $1 AND b.booking_id = t.booking_id AND b.line_no = t.line_no AND b.ticket_no = t.no
    AND b.checkin_id = $4
WHERE t.region_id = $1 AND t.booking_id = ANY ($2) AND t.session_id = $3
    AND (
        $5::uuid IS NULL OR l.holder_id = $5 OR k.actor_id = $6 AND l.holder_id = ANY ($7)
        OR $5 IN (head.holder_id, c.membership_id) AND NOT (k.actor_kind = 'holder' AND starts_with(k.actor_id, 'person/'))
    )
    AND (t.status NOT IN ('cancelled', 'lapsed', 'refused') OR b.checkin_id IS NOT NULL)
ORDER BY t.booking_id, t.line_no, t.no;

-- name: coming_of_holder
-- For what else of organiser $2 a holder has tickets that are good, after $4, but not for session $3; see `read_tickets`.
SELECT DISTINCT s.id AS session_id, e.name AS event, s.starts_at, s.ends_at
FROM (
    SELECT l.booking_id, k.no
    FROM reservations.line AS l
    JOIN reservations.booking AS b ON b.region_id = $1 AND b.id = l.booking_id
    JOIN reservations.line AS k ON k.region_id = $1 AND k.booking_id = l.booking_id
        AND (k.no = l.no OR l.no = 1 AND NOT (b.actor_kind = 'holder' AND starts_with(b.actor_id, 'person/')))
    WHERE l.region_id = $1 AND l.holder_id = $6
    UNION
    SELECT c.booking_id, k.no
    FROM reservations.claimed_booking AS c
    JOIN reservations.line AS k ON k.region_id = $1 AND k.booking_id = c.booking_id
    WHERE c.region_id = $1 AND c.membership_id = $6
    UNION
    SELECT l.booking_id, l.no
    FROM reservations.line AS l
    JOIN reservations.booking AS b
        ON b.region_id = $1 AND b.id = l.booking_id AND b.actor_kind = 'holder' AND b.actor_id = $7
    WHERE l.region_id = $1 AND l.holder_id = ANY ($8)
) AS own
JOIN reservations.ticket AS t
    ON t.region_id = $1 AND t.booking_id = own.booking_id AND t.line_no = own.no AND t.status = 'confirmed'
JOIN reservations.session AS s
    ON s.region_id = $1 AND s.id = t.session_id AND s.organiser_id = $2 AND s.id <> $3 AND s.ends_at > $4
    AND s.status NOT IN ('cancelled', 'postponed')
JOIN organisers.event AS e ON e.region_id = $1 AND e.id = s.event_id
ORDER BY s.starts_at, s.id
LIMIT $5;
