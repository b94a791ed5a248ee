-- name: lock_booking
-- The turnstile takes this lock before it cancels or lets lapse; what happened is read in a later statement.
SELECT FROM reservations.booking WHERE region_id = $1 AND id = $2 FOR NO KEY UPDATE;

-- name: read_ticket
-- `taken_back`: check-in $5 of it was a mistake, and was taken back.
SELECT
    t.status::text AS status, t.weight AS people, t.attended_at, t.checkin_id,
    EXISTS (
        SELECT FROM reservations.checkin_taken_back AS b
        WHERE b.region_id = t.region_id AND b.booking_id = t.booking_id AND b.line_no = t.line_no AND b.ticket_no = t.no
            AND b.checkin_id = $5
    ) AS taken_back,
    s.id AS session_id, s.organiser_id, e.name AS event, s.starts_at, s.ends_at, s.status = 'cancelled' AS cancelled,
    party.people AS party, party.inside AS party_inside
FROM reservations.ticket AS t
JOIN reservations.session AS s ON s.region_id = t.region_id AND s.id = t.session_id
JOIN organisers.event AS e ON e.region_id = s.region_id AND e.id = s.event_id
CROSS JOIN LATERAL (
    SELECT
        coalesce(sum(o.weight) FILTER (WHERE o.status IN ('confirmed', 'attended')), 0) AS people,
        coalesce(sum(o.weight) FILTER (WHERE o.status = 'attended'), 0) AS inside
    FROM reservations.ticket AS o
    WHERE o.region_id = t.region_id AND o.booking_id = t.booking_id AND o.session_id = t.session_id
) AS party
WHERE t.region_id = $1 AND t.booking_id = $2 AND t.line_no = $3 AND t.no = $4;

-- name: use_ticket
UPDATE reservations.ticket
SET status = 'attended', attended_at = $5, checkin_id = $6
WHERE region_id = $1 AND booking_id = $2 AND line_no = $3 AND no = $4 AND status = 'confirmed';

-- name: free_ticket
WITH freed AS (
    UPDATE reservations.ticket
    SET status = 'confirmed', attended_at = NULL, checkin_id = NULL
    WHERE region_id = $1 AND booking_id = $2 AND line_no = $3 AND no = $4 AND status = 'attended' AND checkin_id = $5
    RETURNING region_id, booking_id, line_no, no
)
INSERT INTO reservations.checkin_taken_back (region_id, booking_id, line_no, ticket_no, checkin_id)
SELECT region_id, booking_id, line_no, no, $5 FROM freed;

-- name: was_earned
-- Whether credit of this line was earned by coming. What is earned whoever comes, does not hang on a check-in.
SELECT EXISTS (
    SELECT FROM credits.transfer AS h
    JOIN credits.resolution AS r ON r.region_id = h.region_id AND r.hold_id = h.id
    JOIN credits.purse AS p ON p.region_id = h.region_id AND p.id = h.purse_id
    JOIN credits.programme_version AS v
        ON v.region_id = p.region_id AND v.programme_id = p.programme_id AND v.version = p.version
    WHERE h.region_id = $1 AND h.booking_id = $2 AND h.line_no = $3 AND h.kind = 'hold' AND v.earning = 'attendance'
);

-- name: write_outbox
SELECT uit.write_outbox($1, $2);

-- name: ticket_of_number
SELECT t.booking_id, t.line_no, t.no AS ticket_no
FROM reservations.ticket AS t
LEFT JOIN reservations.checkin_taken_back AS b
    ON b.region_id = t.region_id AND b.booking_id = t.booking_id AND b.line_no = t.line_no AND b.ticket_no = t.no
    AND b.checkin_id = $6
WHERE t.region_id = $1 AND t.session_id = $2 AND right(t.booking_id::text, 8) = $3
    AND ($4::smallint IS NULL OR (t.line_no, t.no) = ($4, $5::smallint))
ORDER BY (t.checkin_id = $6) IS NOT TRUE AND b.checkin_id IS NULL, t.status <> 'confirmed', t.line_no, t.no
LIMIT 1;
