-- name: read_rule
SELECT is_on, after_times::integer, hours_before::integer
FROM reservations.absence_rule WHERE region_id = $1 AND organiser_id = $2;

-- name: write_rule
INSERT INTO reservations.absence_rule (region_id, organiser_id, is_on, after_times, hours_before, decided_at, decided_by)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (region_id, organiser_id) DO UPDATE
SET is_on = excluded.is_on, after_times = excluded.after_times, hours_before = excluded.hours_before,
    decided_at = excluded.decided_at, decided_by = excluded.decided_by;

-- name: read_absences
SELECT a.booking_id, a.session_id, e.name AS event, s.starts_at, a.excused_at IS NOT NULL AS is_excused,
    CASE WHEN organisers.name_asked($1, s.event_id, b.made_at) <> '' THEN p.given_name END AS first_name
FROM reservations.absence AS a
JOIN reservations.booking AS b ON b.region_id = $1 AND b.id = a.booking_id
JOIN reservations.session AS s ON s.region_id = $1 AND s.id = a.session_id
JOIN organisers.event AS e ON e.region_id = $1 AND e.id = s.event_id
JOIN passes.membership AS m ON m.region_id = $1 AND m.id = a.membership_id
JOIN identity.person AS p ON p.id = m.person_id
WHERE a.region_id = $1 AND a.organiser_id = $2 AND a.ended_at > $3::timestamptz - interval '6 months'
ORDER BY a.ended_at DESC, a.booking_id
LIMIT 200;

-- name: excuse
UPDATE reservations.absence SET excused_at = $5
WHERE region_id = $1 AND organiser_id = $2 AND booking_id = $3 AND session_id = $4 AND excused_at IS NULL;

-- name: excuse_no_more
UPDATE reservations.absence SET excused_at = NULL
WHERE region_id = $1 AND organiser_id = $2 AND booking_id = $3 AND session_id = $4 AND excused_at IS NOT NULL;
