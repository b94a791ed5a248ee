-- name: free_ticket
WITH freed AS (
    UPDATE reservations.ticket
    SET status = 'confirmed', attended_at = NULL, checkin_id = NULL
    WHERE region_id = $1 AND booking_id = $2 AND line_no = $3 AND no = $4 AND status = 'attended' AND checkin_id = $5
    RETURNING booking_id, line_no, no
)
INSERT INTO reservations.checkin_taken_back (region_id, booking_id, line_no, ticket_no, checkin_id)
SELECT $1, booking_id, line_no, no, $5 FROM freed;

-- name: used_by_checkin
-- What check-in $2 let in at session $3 of these organisers.
SELECT t.booking_id, t.line_no, t.no, t.weight AS people, '' AS label, t.seat, s.ends_at
FROM reservations.ticket AS t
JOIN reservations.session AS s ON s.region_id = $1 AND s.id = t.session_id AND s.organiser_id = ANY ($4)
WHERE t.region_id = $1 AND t.checkin_id = $2 AND t.session_id = $3 AND t.status = 'attended'
ORDER BY t.booking_id, t.line_no, t.no;

-- name: free_checkin
WITH freed AS (
    UPDATE reservations.ticket
    SET status = 'confirmed', attended_at = NULL, checkin_id = NULL
    WHERE region_id = $1 AND checkin_id = $2 AND booking_id = ANY ($3) AND status = 'attended'
    RETURNING booking_id, line_no, no
)
INSERT INTO reservations.checkin_taken_back (region_id, booking_id, line_no, ticket_no, checkin_id)
SELECT $1, booking_id, line_no, no, $2 FROM freed;
