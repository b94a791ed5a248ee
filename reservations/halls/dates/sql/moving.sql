-- name: clear_seats
-- Before they get others, so that two who change places never have the same seat.
UPDATE reservations.ticket AS t SET seat = NULL
FROM json_to_recordset($2) AS r (booking_id uuid, line_no smallint, no smallint)
WHERE t.region_id = $1 AND t.booking_id = r.booking_id AND t.line_no = r.line_no AND t.no = r.no;
