-- name: free_ticket
WITH freed AS (
    UPDATE reservations.ticket
    SET status = 'confirmed', attended_at = NULL, checkin_id = NULL
    WHERE region_id = $1 AND booking_id = $2 AND line_no = $3 AND no = $4 AND status = 'attended' AND checkin_id = $5
    RETURNING booking_id, line_no, no
)
INSERT INTO reservations.checkin_taken_back (region_id, booking_id, line_no, ticket_no, checkin_id)
SELECT $1, booking_id, line_no, no, $5 FROM freed;
