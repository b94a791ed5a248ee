-- name: find_to_ask
-- Bookings of dates that begin within a day ($3), whose holder stayed away from their organiser as often as its rule says. Who
-- booked within that day said so already; who is enrolled in a course keeps its dates.
SELECT b.id AS booking_id, s.id AS session_id, m.person_id, s.starts_at - make_interval(hours => r.hours_before) AS due_at
FROM reservations.absence_rule AS r
JOIN reservations.session AS s ON s.region_id = $1 AND s.organiser_id = r.organiser_id AND s.status = 'scheduled'
    AND s.starts_at > $2::timestamptz + make_interval(hours => r.hours_before) AND s.starts_at <= $2::timestamptz + $3::interval
JOIN reservations.ticket AS t ON t.region_id = $1 AND t.session_id = s.id AND t.status = 'confirmed'
JOIN reservations.booking AS b ON b.region_id = $1 AND b.id = t.booking_id AND b.actor_kind = 'holder'
    AND b.channel IN ('page', 'api') AND b.made_at < s.starts_at - $3::interval
JOIN passes.membership AS m ON m.region_id = $1 AND m.id::text = b.actor_id
JOIN identity.person AS p ON p.id = m.person_id
    AND p.born_on <= ((s.starts_at AT TIME ZONE 'Europe/Brussels')::date - interval '18 years')::date
JOIN reservations.line AS l ON l.region_id = $1 AND l.booking_id = t.booking_id AND l.no = t.line_no
LEFT JOIN reservations.asked_confirmation AS c ON c.region_id = $1 AND c.booking_id = b.id AND c.session_id = s.id
LEFT JOIN reservations.enrolment AS n ON n.region_id = $1 AND n.booking_id = b.id
WHERE r.region_id = $1 AND r.is_on AND c.id IS NULL AND n.booking_id IS NULL AND (
    SELECT count(*) FROM reservations.absence AS a
    WHERE a.region_id = $1 AND a.organiser_id = r.organiser_id AND a.membership_id = m.id AND a.excused_at IS NULL
        AND a.ended_at > $2::timestamptz - interval '6 months'
) >= r.after_times
GROUP BY b.id, s.id, m.id, m.person_id, s.starts_at, r.hours_before
HAVING bool_and(l.holder_id IS NOT DISTINCT FROM m.id)
ORDER BY s.starts_at, b.id
LIMIT $4;

-- name: write_asked
INSERT INTO reservations.asked_confirmation (region_id, id, booking_id, session_id, asked_at, due_at, answer)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (region_id, booking_id, session_id) DO NOTHING;

-- name: read_asked
SELECT c.id, c.booking_id, c.session_id, c.due_at, c.answer, m.person_id, p.given_name AS name,
    coalesce(e.name_translations ->> p.language, e.name) AS event, e.is_discreet,
    o.name AS organiser, s.starts_at, s.ends_at
FROM reservations.asked_confirmation AS c
JOIN reservations.booking AS b ON b.region_id = $1 AND b.id = c.booking_id
JOIN passes.membership AS m ON m.region_id = $1 AND m.id::text = b.actor_id
JOIN identity.person AS p ON p.id = m.person_id
JOIN reservations.session AS s ON s.region_id = $1 AND s.id = c.session_id
JOIN organisers.event AS e ON e.region_id = $1 AND e.id = s.event_id
JOIN organisers.organiser AS o ON o.region_id = $1 AND o.id = s.organiser_id
WHERE c.region_id = $1 AND c.id = $2;

-- name: mark_told
UPDATE reservations.asked_confirmation SET told_at = $3 WHERE region_id = $1 AND id = $2 AND told_at IS NULL;

-- name: find_unanswered
-- Whom no message reached is not held to it; nor is who was asked about a date that is another by now.
SELECT c.id, c.booking_id, c.session_id
FROM reservations.asked_confirmation AS c
JOIN reservations.session AS s ON s.region_id = $1 AND s.id = c.session_id AND s.status = 'scheduled'
    AND s.starts_at > $2 AND s.starts_at <= $2::timestamptz + $4::interval
WHERE c.region_id = $1 AND c.answer IS NULL AND c.told_at IS NOT NULL AND c.due_at <= $2
ORDER BY c.due_at, c.id
LIMIT $3;

-- name: write_answer
-- The first answer holds.
UPDATE reservations.asked_confirmation SET answer = $3 WHERE region_id = $1 AND id = $2 AND answer IS NULL;
