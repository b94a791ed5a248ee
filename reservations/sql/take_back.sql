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
