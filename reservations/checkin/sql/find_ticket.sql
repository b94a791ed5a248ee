-- name: ticket_of_number
-- Of the session at whose door it is typed, when that is of these organisers; the number may be of another date of an enrolment.
SELECT t.booking_id, t.line_no, t.no AS ticket_no
FROM reservations.session AS s
JOIN reservations.ticket AS t ON t.region_id = $1 AND t.session_id = s.id
LEFT JOIN reservations.checkin_taken_back AS b
    ON b.region_id = $1 AND b.booking_id = t.booking_id AND b.line_no = t.line_no AND b.ticket_no = t.no
    AND b.checkin_id = $7
WHERE s.region_id = $1 AND s.organiser_id = ANY ($2) AND s.id = $3 AND right(t.booking_id::text, 8) = $4
    AND ($5::smallint IS NULL OR (t.line_no, t.no) = ($5, $6::smallint) OR t.no = $6 AND EXISTS (
        SELECT 1 FROM reservations.enrolment AS e
        WHERE e.region_id = $1 AND e.booking_id = t.booking_id AND e.line_nos @> ARRAY[t.line_no, $5]
    ))
ORDER BY (t.checkin_id = $7) IS NOT TRUE AND b.checkin_id IS NULL, t.status <> 'confirmed', t.line_no, t.no
LIMIT 1;

-- name: tickets_of_barcode
-- Of these organisers; at a door, of its session $3. Two, when systems gave the same barcode to several.
SELECT DISTINCT t.booking_id, t.line_no, t.no AS ticket_no
FROM uit.foreign_id AS f
JOIN reservations.ticket AS t
    ON t.region_id = $1 AND t.booking_id = f.owner AND t.line_no = f.line_no AND t.no = f.ticket_no
JOIN reservations.session AS s ON s.region_id = $1 AND s.id = t.session_id
WHERE f.region_id = $1 AND f.kind = 'ticket' AND f.barcode = $4
    AND s.organiser_id = ANY ($2) AND ($3::uuid IS NULL OR s.id = $3)
LIMIT 2;

-- name: line_of_enrolment
-- The line of session $4, where line $3 was sold together with it.
SELECT l.no FROM reservations.enrolment AS e
JOIN reservations.line AS l
    ON l.region_id = $1 AND l.booking_id = e.booking_id AND l.no = ANY (e.line_nos) AND l.session_id = $4
WHERE e.region_id = $1 AND e.booking_id = $2 AND $3::smallint = ANY (e.line_nos);
