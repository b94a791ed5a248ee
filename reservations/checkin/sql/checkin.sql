-- name: lock_booking
-- The turnstile takes this lock before it cancels or lets lapse; what happened is read in a later statement.
SELECT FROM reservations.booking WHERE region_id = $1 AND id = $2 FOR NO KEY UPDATE;

-- name: read_ticket
-- `taken_back`: check-in $5 of it was a mistake, and was taken back. `id_taken`: it let in another ticket. `label`: its tariff,
-- as on the ticket itself.
-- The date is locked against a change of its time or status: what is decided by its hour now is still so at the end.
SELECT
    t.booking_id, t.line_no, t.no, t.weight AS people, reservations.label_at_door($1, t.booking_id, t.line_no, t.no) AS label, t.seat,
    t.status::text AS status, t.attended_at, t.checkin_id,
    EXISTS (
        SELECT 1 FROM reservations.checkin_taken_back AS b
        WHERE b.region_id = $1 AND b.booking_id = t.booking_id AND b.line_no = t.line_no AND b.ticket_no = t.no
            AND b.checkin_id = $5
    ) AS taken_back,
    reservations.is_looked_at($1, t.booking_id, t.line_no, t.no) AS is_looked_at,
    s.id AS session_id, s.organiser_id, e.name AS event, s.starts_at, s.ends_at, s.status::text AS session_status,
    EXISTS (
        SELECT 1 FROM reservations.ticket AS o
        WHERE o.region_id = $1 AND o.checkin_id = $5
            AND (o.booking_id, o.line_no, o.no) <> (t.booking_id, t.line_no, t.no)
    ) AS id_taken,
    party.people AS party, party.inside AS party_inside
FROM reservations.ticket AS t
JOIN reservations.line AS l ON l.region_id = $1 AND l.booking_id = t.booking_id AND l.no = t.line_no
JOIN reservations.session AS s ON s.region_id = $1 AND s.id = t.session_id
JOIN organisers.event AS e ON e.region_id = $1 AND e.id = s.event_id
CROSS JOIN LATERAL (
    SELECT
        coalesce(sum(o.weight) FILTER (WHERE o.status IN ('confirmed', 'attended')), 0) AS people,
        coalesce(sum(o.weight) FILTER (WHERE o.status = 'attended'), 0) AS inside
    FROM reservations.ticket AS o
    WHERE o.region_id = $1 AND o.booking_id = t.booking_id AND o.session_id = t.session_id
) AS party
WHERE t.region_id = $1 AND t.booking_id = $2 AND t.line_no = $3 AND t.no = $4
FOR SHARE OF s;

-- name: use_tickets
UPDATE reservations.ticket AS t
SET status = 'attended', attended_at = $5, checkin_id = $6
FROM unnest($2::uuid[], $3::smallint[], $4::smallint[]) AS k (booking_id, line_no, no)
WHERE t.region_id = $1 AND t.booking_id = k.booking_id AND t.line_no = k.line_no AND t.no = k.no
    AND t.status = 'confirmed';
