-- name: read_holders
-- Who come by a booking, in the order of their lines.
SELECT p.id AS person_id, p.given_name, p.email, p.died_on IS NOT NULL AS has_died, m.id AS membership_id,
    p.born_on
FROM reservations.line AS l
JOIN passes.membership AS m ON m.region_id = $1 AND m.id = l.holder_id
JOIN identity.person AS p ON p.id = m.person_id
WHERE l.region_id = $1 AND l.booking_id = $2
GROUP BY p.id, m.id
ORDER BY min(l.no);

-- name: read_relation
-- What somebody has to do with a booking: whose lines it has, who made it, and who claimed it since.
SELECT b.actor_kind = 'holder' AND b.actor_id = $4 AS is_maker, m.id AS own_id,
    coalesce(array_agg(DISTINCT l.holder_id) FILTER (WHERE l.holder_id IS NOT NULL), '{}') AS holder_ids,
    coalesce(bool_or(c.membership_id = m.id), false) AS has_claimed
FROM reservations.booking AS b
JOIN reservations.line AS l ON l.region_id = $1 AND l.booking_id = b.id
LEFT JOIN passes.membership AS m ON m.region_id = $1 AND m.person_id = $3
LEFT JOIN reservations.claimed_booking AS c ON c.region_id = $1 AND c.booking_id = b.id
WHERE b.region_id = $1 AND b.id = $2
GROUP BY b.actor_kind, b.actor_id, m.id;

-- name: coming_bookings
-- Of what somebody holds, their own lines; of what they claimed, all of it; of what they made for others, theirs.
SELECT min(s.starts_at) AS starts_at, own.booking_id AS id
FROM (
    SELECT l.booking_id, l.no FROM passes.membership AS m
    JOIN reservations.line AS l ON l.region_id = $1 AND l.holder_id = m.id
    WHERE m.region_id = $1 AND m.person_id = $2
    UNION ALL
    SELECT l.booking_id, l.no FROM passes.membership AS m
    JOIN reservations.claimed_booking AS c ON c.region_id = $1 AND c.membership_id = m.id
    JOIN reservations.line AS l ON l.region_id = $1 AND l.booking_id = c.booking_id
    WHERE m.region_id = $1 AND m.person_id = $2
    UNION ALL
    SELECT l.booking_id, l.no FROM reservations.line AS l
    JOIN reservations.booking AS b ON b.region_id = $1 AND b.id = l.booking_id
        AND b.actor_kind = 'holder' AND b.actor_id = $5
    WHERE l.region_id = $1 AND l.holder_id = ANY ($6)
) AS own
JOIN reservations.ticket AS t
    ON t.region_id = $1 AND t.booking_id = own.booking_id AND t.line_no = own.no AND t.status IN ('held', 'confirmed')
JOIN reservations.session AS s
    ON s.region_id = $1 AND s.id = t.session_id AND (s.ends_at > $3 OR s.status IN ('postponed', 'suspended'))
GROUP BY own.booking_id
ORDER BY 1, 2
LIMIT $4;

-- name: past_bookings
-- All that is not coming: what was, and what was given up.
SELECT max(s.starts_at) AS starts_at, own.booking_id AS id
FROM (
    SELECT l.booking_id, l.no FROM passes.membership AS m
    JOIN reservations.line AS l ON l.region_id = $1 AND l.holder_id = m.id
    WHERE m.region_id = $1 AND m.person_id = $2
    UNION ALL
    SELECT l.booking_id, l.no FROM passes.membership AS m
    JOIN reservations.claimed_booking AS c ON c.region_id = $1 AND c.membership_id = m.id
    JOIN reservations.line AS l ON l.region_id = $1 AND l.booking_id = c.booking_id
    WHERE m.region_id = $1 AND m.person_id = $2
    UNION ALL
    SELECT l.booking_id, l.no FROM reservations.line AS l
    JOIN reservations.booking AS b ON b.region_id = $1 AND b.id = l.booking_id
        AND b.actor_kind = 'holder' AND b.actor_id = $7
    WHERE l.region_id = $1 AND l.holder_id = ANY ($8)
) AS own
JOIN reservations.ticket AS t ON t.region_id = $1 AND t.booking_id = own.booking_id AND t.line_no = own.no
JOIN reservations.session AS s ON s.region_id = $1 AND s.id = t.session_id
GROUP BY own.booking_id
HAVING NOT bool_or(
        t.status IN ('held', 'confirmed') AND (s.ends_at > $3 OR s.status IN ('postponed', 'suspended'))
    )
    AND (max(s.starts_at), own.booking_id) < ($4, $5)
ORDER BY 1 DESC, 2 DESC
LIMIT $6;

-- name: read_outings
-- Where $4 is who looks, of what was booked for others their own lines, and of what they made those of $5 as well.
-- $6: who reads it, in the language $7 that they chose, else in their own, where its organiser wrote its name in that.
-- A card of turns is of the time in which it is good: from when it was bought until its last day.
SELECT b.id AS booking_id, b.made_at, s.id AS session_id, s.event_id,
    coalesce(e.name_translations ->> coalesce($7, (SELECT p.language FROM identity.person AS p WHERE p.id = $6)), e.name)
        AS name,
    s.domain::text, e.type_label,
    s.attendance::text, e.online_url, s.status::text AS session_status, s.status_reason,
    CASE WHEN c.session_id IS NULL THEN s.starts_at ELSE b.made_at END AS starts_at,
    CASE WHEN c.session_id IS NULL THEN s.ends_at ELSE reservations.card_good_until(b.made_at, c.months) END AS ends_at,
    s.moved_from, s.moved_at,
    CASE WHEN c.session_id IS NULL THEN s.cancel_until ELSE b.made_at + make_interval(days => c.give_back_days) END AS cancel_until,
    coalesce(v.name, '') AS venue,
    coalesce(v.street, '') AS street, coalesce(v.postal_code, '') AS postal_code, coalesce(v.locality, '') AS town,
    o.name AS organiser, o.enterprise_number AS organiser_number, o.phone, t.places, l.credit_cents, t.live_places,
    t.returned_cents, t.statuses, t.tickets, t.live_tickets, e.is_discreet,
    t.seats, t.was_called_off, t.was_changed, s.choose_until, s.longer_reason, w.id IS NOT NULL AS is_offered,
    CASE WHEN c.session_id IS NOT NULL THEN reservations.turns_left($1, b.id, l.nos) END AS turns_left,
    reservations.turns_taken($1, b.id, l.nos) AS turns_taken, c.session_id IS NOT NULL AS is_turn_card,
    EXISTS (
        SELECT 1 FROM reservations.enrolment AS n WHERE n.region_id = $1 AND n.booking_id = b.id AND n.line_nos && t.standing
    ) AS is_enrolled
FROM reservations.booking AS b
LEFT JOIN reservations.waiting_entry AS w ON w.region_id = $1 AND w.booking_id = b.id AND w.state = 'offered'
CROSS JOIN LATERAL (
    SELECT session_id, sum(credit_cents)::integer AS credit_cents, array_agg(no) AS nos
    FROM reservations.line
    WHERE region_id = $1 AND booking_id = b.id AND (
        $4::text IS NULL OR b.actor_kind <> 'holder' OR NOT starts_with(b.actor_id, 'person/')
        OR holder_id = $3 OR b.actor_id = $4 AND holder_id = ANY ($5)
    )
    GROUP BY session_id
) AS l
CROSS JOIN LATERAL (
    SELECT array_agg(DISTINCT status::text) AS statuses,
        coalesce(sum(weight) FILTER (WHERE ending IS DISTINCT FROM 'moved_away'), sum(weight))::integer AS places,
        count(*)::integer AS tickets, bool_and(ending IS NOT DISTINCT FROM 'moved_away') AS was_changed,
        array_agg(DISTINCT line_no) FILTER (WHERE ending IS DISTINCT FROM 'moved_away') AS standing,
        coalesce(sum(weight) FILTER (WHERE status IN ('held', 'confirmed')), 0)::integer AS live_places,
        count(*) FILTER (WHERE status IN ('held', 'confirmed'))::integer AS live_tickets,
        sum(returned_cents)::integer AS returned_cents,
        coalesce(bool_or(ending = 'called_off'), false) AS was_called_off,
        coalesce(array_agg(seat ORDER BY line_no, no) FILTER (
            WHERE seat IS NOT NULL AND status IN ('held', 'confirmed')
        ), '{}') AS seats
    FROM reservations.ticket
    WHERE region_id = $1 AND booking_id = b.id AND session_id = l.session_id AND line_no = ANY (l.nos)
) AS t
JOIN reservations.session AS s ON s.region_id = $1 AND s.id = l.session_id
JOIN organisers.event AS e ON e.region_id = $1 AND e.id = s.event_id
JOIN organisers.organiser AS o ON o.region_id = $1 AND o.id = s.organiser_id
LEFT JOIN organisers.venue AS v ON v.region_id = $1 AND v.id = e.venue_id
LEFT JOIN reservations.turn_card AS c ON c.region_id = $1 AND c.session_id = s.id
WHERE b.region_id = $1 AND b.id = ANY ($2)
ORDER BY starts_at, b.id;

-- name: find_coming
-- For whom the places of bookings are that were made for others, as who looks sees them: $3 to $5 are as in read_outings.
SELECT l.booking_id, l.session_id, p.given_name, l.holder_id IS NOT DISTINCT FROM $3 AS is_own
FROM reservations.booking AS b
JOIN reservations.line AS l ON l.region_id = $1 AND l.booking_id = b.id
    AND (l.holder_id = $3 OR b.actor_id = $4 AND l.holder_id = ANY ($5))
JOIN passes.membership AS m ON m.region_id = $1 AND m.id = l.holder_id
JOIN identity.person AS p ON p.id = m.person_id
WHERE b.region_id = $1 AND b.id = ANY ($2) AND b.actor_kind = 'holder' AND starts_with(b.actor_id, 'person/')
GROUP BY l.booking_id, l.session_id, l.holder_id, p.given_name
ORDER BY is_own DESC, min(l.no);

-- name: read_tickets
-- Those that still open a door, of these holders or of all. `position` counts those that ended too: what is printed stays true.
SELECT t.session_id, t.line_no, t.no, t.position::integer, t.status::text, t.seat, t.weight,
    reservations.label_at_door($1, t.booking_id, t.line_no, t.no) AS label,
    CASE WHEN organisers.name_asked($1, s.event_id, b.made_at) <> '' THEN p.given_name END AS first_name, t.in_all::integer
FROM (
    SELECT *, row_number() OVER (ORDER BY line_no, no) AS position,
        CASE WHEN NOT bool_or(status IN ('cancelled', 'lapsed', 'refused')) OVER ()
            AND NOT (bool_or(status = 'held') OVER () AND bool_or(status <> 'held') OVER ()) THEN count(*) OVER () END AS in_all
    FROM reservations.ticket WHERE region_id = $1 AND booking_id = $2
) AS t
JOIN reservations.booking AS b ON b.region_id = $1 AND b.id = $2
JOIN reservations.line AS l ON l.region_id = $1 AND l.booking_id = t.booking_id AND l.no = t.line_no
JOIN reservations.session AS s ON s.region_id = $1 AND s.id = l.session_id
LEFT JOIN passes.membership AS m ON m.region_id = $1 AND m.id = l.holder_id
LEFT JOIN identity.person AS p ON p.id = m.person_id
WHERE t.status IN ('held', 'confirmed') AND ($5::uuid[] IS NULL OR l.holder_id = ANY ($5))
ORDER BY t.position
LIMIT $3 OFFSET $4;

-- name: read_together
-- For each session for which a booking has several tickets, the first of whose lines is named: how many people may still come
-- in, and how many it brings.
SELECT session_id, min(line_no) AS line_no, coalesce(sum(weight) FILTER (WHERE status = 'confirmed'), 0)::integer AS people_left,
    sum(weight)::integer AS people
FROM reservations.ticket
WHERE region_id = $1 AND booking_id = $2 AND status IN ('confirmed', 'attended')
GROUP BY session_id
HAVING count(*) > 1 AND bool_or(status = 'confirmed');

-- name: read_positions
SELECT line_no, no, row_number() OVER (ORDER BY line_no, no)::integer AS position
FROM reservations.ticket WHERE region_id = $1 AND booking_id = $2
ORDER BY line_no, no;
