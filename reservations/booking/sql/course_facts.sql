-- name: read_courses
SELECT reservations.courses($1, $2, $3) AS courses;

-- name: read_courses_of_event
SELECT reservations.courses($1, (
    SELECT array_agg(d.session_id) FROM reservations.course AS c
    JOIN reservations.course_date AS d ON d.region_id = $1 AND d.course_id = c.id
    WHERE c.region_id = $1 AND c.event_id = $2
), '{}') AS courses;

-- name: write_enrolments
INSERT INTO reservations.enrolment (region_id, booking_id, no, course_id, line_nos, leave_until)
SELECT $1, r.booking_id, r.no, r.course_id, r.line_nos, r.leave_until
FROM json_to_recordset($2::json)
    AS r (booking_id uuid, no smallint, course_id uuid, line_nos smallint[], leave_until timestamptz);
