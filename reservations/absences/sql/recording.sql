-- name: record_absences
-- Of bookings of a date that is over: by a member of age for themselves, of whom nobody came, where the organiser keeps a rule.
-- What another made for them, wrote down at a counter or booked for a group is never among them; nor is who misses a date of a course.
INSERT INTO reservations.absence (region_id, booking_id, session_id, organiser_id, membership_id, ended_at)
SELECT $1, b.id, s.id, s.organiser_id, m.id, s.ends_at
FROM reservations.session AS s
JOIN reservations.absence_rule AS r ON r.region_id = $1 AND r.organiser_id = s.organiser_id AND r.is_on
JOIN reservations.booking AS b ON b.region_id = $1 AND b.id = ANY ($2)
    AND b.actor_kind = 'holder' AND b.channel IN ('page', 'api')
JOIN passes.membership AS m ON m.region_id = $1 AND m.id::text = b.actor_id AND m.id = (
        SELECT l.holder_id FROM reservations.line AS l
        WHERE l.region_id = $1 AND l.booking_id = b.id AND l.session_id = s.id ORDER BY l.no LIMIT 1
    )
JOIN identity.person AS p ON p.id = m.person_id
    AND p.born_on <= ((s.starts_at AT TIME ZONE 'Europe/Brussels')::date - interval '18 years')::date
WHERE s.region_id = $1 AND s.id = $3 AND s.ends_at > $4::timestamptz - interval '6 months'
    AND EXISTS (
        SELECT 1 FROM reservations.ticket AS t
        WHERE t.region_id = $1 AND t.booking_id = b.id AND t.session_id = s.id AND t.status = 'no_show'
    )
    AND NOT EXISTS (
        SELECT 1 FROM reservations.ticket AS t
        JOIN reservations.line AS l ON l.region_id = $1 AND l.booking_id = t.booking_id AND l.no = t.line_no
        WHERE t.region_id = $1 AND t.booking_id = b.id AND t.session_id = s.id
            AND (t.status IN ('held', 'confirmed', 'attended') OR l.holder_id IS DISTINCT FROM m.id)
    )
    AND NOT EXISTS (SELECT 1 FROM reservations.enrolment AS n WHERE n.region_id = $1 AND n.booking_id = b.id)
ON CONFLICT (region_id, booking_id, session_id) DO NOTHING;
