-- name: read_bookings
-- Of groups, what begins in a period, the latest first.
SELECT l.booking_id, l.holder_id AS group_id, e.name, o.name AS organiser, s.status::text, s.starts_at, s.ends_at,
    sum(t.weight)::integer AS booked,
    coalesce(sum(t.weight) FILTER (WHERE t.status IN ('held', 'confirmed', 'attended', 'no_show')), 0)::integer AS people,
    l.price_cents, l.credit_cents, sum(t.returned_cents)::integer AS returned_cents
FROM reservations.line AS l
JOIN reservations.session AS s ON s.region_id = $1 AND s.id = l.session_id
JOIN organisers.event AS e ON e.region_id = $1 AND e.id = s.event_id
JOIN organisers.organiser AS o ON o.region_id = $1 AND o.id = s.organiser_id
JOIN reservations.ticket AS t ON t.region_id = $1 AND t.booking_id = l.booking_id AND t.line_no = l.no
WHERE l.region_id = $1 AND l.holder_id = ANY ($2) AND s.starts_at >= $3 AND s.starts_at < $4
GROUP BY l.booking_id, l.no, l.holder_id, l.price_cents, l.credit_cents, e.name, o.name, s.id, s.status, s.starts_at, s.ends_at
ORDER BY s.starts_at DESC, l.booking_id, l.no
LIMIT $5;

-- name: read_year_use
SELECT u.group_id, u.year::integer, sum(t.weight)::integer AS people
FROM reservations.group_use AS u
JOIN reservations.ticket AS t ON t.region_id = $1 AND t.booking_id = u.booking_id AND t.line_no = u.line_no
    AND t.status IN ('held', 'confirmed', 'attended', 'no_show')
WHERE u.region_id = $1 AND u.group_id = ANY ($2)
GROUP BY u.group_id, u.year;

-- name: find_dates
-- What can be booked at moment $2, after a place among the others.
SELECT s.starts_at, s.id
FROM reservations.session AS s
JOIN organisers.event AS e ON e.region_id = $1 AND e.id = s.event_id
    AND organisers.is_shown(e.published, e.visible_from, e.visible_to, $2)
JOIN organisers.organiser AS o ON o.region_id = $1 AND o.id = s.organiser_id
LEFT JOIN reservations.waiting_room AS w ON w.region_id = $1 AND w.session_id = s.id AND w.ended_at IS NULL
WHERE s.region_id = $1 AND s.status = 'scheduled' AND (s.starts_at, s.id) > ($4, $5)
    AND s.sale_closes_at > $2 AND (s.sale_opens_at IS NULL OR s.sale_opens_at <= $2 OR ($7 AND w.session_id IS NOT NULL))
    AND ($3 = '' OR position(uit.fold($3) IN uit.fold(e.name || ' ' || o.name)) > 0)
    AND NOT EXISTS (SELECT 1 FROM reservations.turn_card AS c WHERE c.region_id = $1 AND c.session_id = s.id)
ORDER BY s.starts_at, s.id
LIMIT $6;
