-- name: read_date
-- A date that is not what was booked, since when, and until when who booked may choose.
SELECT s.status::text AS status, s.told_at, s.choose_until, s.choose_promised, s.longer_reason, s.moved_from
FROM reservations.session AS s
WHERE s.region_id = $1 AND s.organiser_id = $2 AND s.id = $3;

-- name: read_outcomes
-- Each booking that had a place in a session when it became another, by the name that its organiser asks for: what stands of it, and
-- where it went by a change since. No tariff, status or amount is read.
SELECT t.booking_id, named.name, t.places, t.standing,
    went.starts_at AS to_starts_at, went.ends_at AS to_ends_at, went.attendance::text AS to_attendance
FROM reservations.session AS s
JOIN LATERAL (
    SELECT booking_id, sum(weight)::integer AS places, max(line_no) AS last_line,
        coalesce(sum(weight) FILTER (WHERE ending IS NULL), 0)::integer AS standing
    FROM reservations.ticket
    WHERE region_id = $1 AND session_id = s.id AND (
        ending IS NULL OR ended_at >= s.told_at AND ending IN ('called_off', 'moved_away', 'given_up', 'withdrawn')
    )
    GROUP BY booking_id
) AS t ON true
LEFT JOIN LATERAL (
    SELECT o.starts_at, o.ends_at, o.attendance
    FROM reservations.change AS c
    JOIN reservations.ticket AS k ON k.region_id = $1 AND k.booking_id = c.booking_id AND k.line_no > t.last_line
        AND k.status IN ('confirmed', 'attended', 'no_show')
    JOIN reservations.session AS o ON o.region_id = $1 AND o.id = k.session_id AND o.event_id = s.event_id AND o.id <> s.id
    WHERE c.region_id = $1 AND c.booking_id = t.booking_id AND c.state = 'done' AND c.ended_at >= s.told_at
    ORDER BY o.starts_at, o.id
    LIMIT 1
) AS went ON true
CROSS JOIN LATERAL reservations.name_for_organiser($1, t.booking_id, s.id) AS named (name)
WHERE s.region_id = $1 AND s.organiser_id = $2 AND s.id = $3 AND s.told_at IS NOT NULL
ORDER BY uit.fold(named.name), t.booking_id;
