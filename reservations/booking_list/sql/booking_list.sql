-- name: list_bookings
-- Those of a session, in the order of the name that its organiser asks for. $4: after which booking a page begins; $5: a part of a
-- name, and $6 of a number, as people read it out. No tariff, status or amount of credit is read.
WITH listed AS (
    SELECT t.booking_id, reservations.name_for_organiser($1, t.booking_id, s.id) AS name, t.places, t.inside, t.is_held,
        coalesce(payment.waits, false) AS is_owed, coalesce(n.note, '') AS note, coalesce(enrolled.name, '') AS course, t.seats,
        e.asks_first_name AND organisers.name_asked($1, e.id, b.made_at) = '' AS is_before_names
    FROM reservations.session AS s
    JOIN organisers.event AS e ON e.region_id = $1 AND e.id = s.event_id
    JOIN LATERAL (
        SELECT booking_id, sum(weight)::integer AS places, bool_or(status = 'held') AS is_held,
            coalesce(sum(weight) FILTER (WHERE status = 'attended'), 0)::integer AS inside,
            coalesce(array_agg(seat ORDER BY line_no, no) FILTER (WHERE seat IS NOT NULL), '{}') AS seats
        FROM reservations.ticket
        WHERE region_id = $1 AND session_id = s.id AND status IN ('held', 'confirmed', 'attended', 'no_show')
        GROUP BY booking_id
    ) AS t ON true
    JOIN reservations.booking AS b ON b.region_id = $1 AND b.id = t.booking_id
    LEFT JOIN LATERAL (
        SELECT true AS waits FROM credits.payment AS p
        WHERE p.region_id = $1 AND p.booking_id = t.booking_id AND p.status = 'pending'
        LIMIT 1
    ) AS payment ON true
    LEFT JOIN LATERAL (
        SELECT c.name FROM reservations.enrolment AS o
        JOIN reservations.course AS c ON c.region_id = $1 AND c.id = o.course_id
        WHERE o.region_id = $1 AND o.booking_id = t.booking_id
        LIMIT 1
    ) AS enrolled ON true
    LEFT JOIN reservations.booking_note AS n
        ON n.region_id = $1 AND n.booking_id = t.booking_id AND n.organiser_id = $2
    WHERE s.region_id = $1 AND s.organiser_id = $2 AND s.id = $3
)
SELECT l.booking_id, l.name, l.places, l.inside, l.is_held, l.is_owed, l.note, l.course, l.seats, l.is_before_names
FROM listed AS l
LEFT JOIN listed AS before ON before.booking_id = $4
WHERE (before.booking_id IS NULL OR (uit.fold(l.name), l.booking_id) > (uit.fold(before.name), before.booking_id))
    AND (
        $5 = '' OR position(uit.fold($5) IN uit.fold(l.name)) > 0
        OR $6 <> '' AND position($6 IN upper(right(replace(l.booking_id::text, '-', ''), 8))) > 0
    )
ORDER BY uit.fold(l.name), l.booking_id
LIMIT $7;

-- name: read_labels
-- What a door calls the prices of each booking of a session, and of how many people; the price for everybody and one that tells a
-- status have no name there.
SELECT x.booking_id, x.label, sum(x.people)::integer AS people
FROM (
    SELECT t.booking_id, t.weight AS people, reservations.label_at_door($1, t.booking_id, t.line_no, t.no) AS label
    FROM reservations.ticket AS t
    WHERE t.region_id = $1 AND t.session_id = $2 AND t.status IN ('held', 'confirmed', 'attended', 'no_show')
) AS x
WHERE x.label <> ''
GROUP BY x.booking_id, x.label
ORDER BY x.booking_id, x.label;
