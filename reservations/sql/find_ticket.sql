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
