-- name: is_done
-- Whether a booking was changed under an id.
SELECT count(*) > 0 FROM reservations.change WHERE region_id = $1 AND id = $2 AND booking_id = $3;

-- name: labels_of_lines
-- What the door says of the first live ticket of each line of a booking at a date; never which price it is for who pays less.
SELECT DISTINCT ON (t.line_no) t.line_no, reservations.label_at_door($1, t.booking_id, t.line_no, t.no) AS label
FROM reservations.ticket AS t
WHERE t.region_id = $1 AND t.booking_id = $2 AND t.session_id = $3 AND t.status IN ('held', 'confirmed')
ORDER BY t.line_no, t.no;
