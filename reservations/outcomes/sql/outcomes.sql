-- name: read_date
-- A date that is not what was booked, since when, and until when who booked may choose.
SELECT s.status::text AS status, s.told_at, s.choose_until, s.choose_promised, s.longer_reason, s.moved_from
FROM reservations.session AS s
WHERE s.region_id = $1 AND s.organiser_id = $2 AND s.id = $3;

-- name: read_outcomes
-- Each booking that had a place in a session when it became another, by the name that its organiser asks for: what stands of it, and
-- where it went by a change since. No tariff, status or amount is read.
SELECT t.booking_id, coalesce(who.name, guest.name, '') AS name, t.places, t.standing,
    went.starts_at AS to_starts_at, went.ends_at AS to_ends_at, went.attendance::text AS to_attendance
FROM reservations.session AS s
JOIN organisers.event AS e ON e.region_id = $1 AND e.id = s.event_id
JOIN LATERAL (
    SELECT booking_id, sum(weight)::integer AS places, max(line_no) AS last_line,
        coalesce(sum(weight) FILTER (WHERE ending IS NULL), 0)::integer AS standing
    FROM reservations.ticket
    WHERE region_id = $1 AND session_id = s.id AND (
        ending IS NULL OR ended_at >= s.told_at AND ending IN ('called_off', 'moved_away', 'given_up', 'withdrawn')
    )
    GROUP BY booking_id
) AS t ON true
JOIN reservations.booking AS b ON b.region_id = $1 AND b.id = t.booking_id
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
LEFT JOIN LATERAL (
    SELECT string_agg(h.name, ', ' ORDER BY h.no) AS name
    FROM (
        SELECT min(l.no) AS no, p.given_name || CASE WHEN e.asks_full_name AND coalesce(b.made_at >= e.full_names_asked_at, true) THEN ' ' || p.family_name ELSE '' END AS name
        FROM reservations.line AS l
        JOIN passes.membership AS m ON m.region_id = $1 AND m.id = l.holder_id
        JOIN identity.person AS p ON p.id = m.person_id
        WHERE l.region_id = $1 AND l.booking_id = t.booking_id AND l.session_id = s.id
        GROUP BY p.id
    ) AS h
) AS who ON e.asks_first_name AND coalesce(b.made_at >= e.names_asked_at, true)
LEFT JOIN LATERAL (
    SELECT CASE WHEN e.asks_full_name AND coalesce(b.made_at >= e.full_names_asked_at, true) THEN c.name ELSE split_part(c.name, ' ', 1) END AS name
    FROM reservations.contact AS c
    WHERE c.region_id = $1 AND c.booking_id = t.booking_id
) AS guest ON e.asks_first_name AND coalesce(b.made_at >= e.names_asked_at, true)
WHERE s.region_id = $1 AND s.organiser_id = $2 AND s.id = $3 AND s.told_at IS NOT NULL
ORDER BY uit.fold(coalesce(who.name, guest.name, '')), t.booking_id;
