-- name: read_soon
-- Sessions of an organiser that end after $3 and begin before $4, with what may need somebody: bookings that are not paid, messages
-- that did not get there, and who waits. An offer to who waits is not unpaid, and what is kept for them is nobody's.
SELECT s.id, e.name AS event, coalesce(v.name, '') AS venue, s.starts_at, s.ends_at, s.status::text AS status,
    e.visible_from, e.visible_to, room.taken, room.held, room.capacity, people.inside, people.expected, people.unpaid,
    (
        SELECT count(DISTINCT c.booking_id)
        FROM reservations.written_message AS m
        JOIN reservations.written_copy AS c ON c.region_id = $1 AND c.message_id = m.id AND c.outcome IN ('failed', 'nobody')
        WHERE m.region_id = $1 AND m.session_id = s.id
    )::integer AS missed, line.waiting, people.offered
FROM reservations.session AS s
JOIN organisers.event AS e ON e.region_id = $1 AND e.id = s.event_id
LEFT JOIN organisers.venue AS v ON v.region_id = $1 AND v.id = e.venue_id
CROSS JOIN LATERAL (
    SELECT coalesce(sum(p.taken), 0) AS taken, coalesce(sum(p.held), 0) AS held,
        least(
            coalesce(sum(reservations.capacity_of($1, s.id, p.kind, p.capacity, p.licensed_capacity)), 0),
            coalesce(sum(p.taken + p.held), 0) + reservations.seats_left($1, s.id)
        ) AS capacity
    FROM reservations.pool AS p
    WHERE p.region_id = $1 AND p.id = ANY (s.pool_ids)
        AND (p.parent_id IS NULL OR p.parent_id <> ALL (s.pool_ids))
) AS room
CROSS JOIN LATERAL (
    SELECT coalesce(sum(t.weight) FILTER (WHERE t.status = 'attended'), 0) AS inside,
        coalesce(sum(t.weight) FILTER (WHERE t.status IN ('confirmed', 'attended', 'no_show')), 0) AS expected,
        count(DISTINCT t.booking_id) FILTER (
            WHERE t.status = 'held' AND w.id IS NULL AND b.actor_kind <> 'worker'
        )::integer AS unpaid,
        count(DISTINCT w.id)::integer AS offered
    FROM reservations.ticket AS t
    JOIN reservations.booking AS b ON b.region_id = $1 AND b.id = t.booking_id
    LEFT JOIN reservations.waiting_entry AS w
        ON w.region_id = $1 AND w.booking_id = t.booking_id AND w.state = 'offered' AND t.status = 'held'
    WHERE t.region_id = $1 AND t.session_id = s.id
) AS people
CROSS JOIN LATERAL (
    SELECT count(*)::integer AS waiting FROM reservations.waiting_entry AS w
    WHERE w.region_id = $1 AND w.event_id = s.event_id AND s.id = ANY (w.session_ids) AND w.state = 'waiting'
) AS line
WHERE s.region_id = $1 AND s.organiser_id = $2 AND s.ends_at >= $3 AND s.starts_at < $4
    AND NOT EXISTS (SELECT 1 FROM reservations.turn_card AS c WHERE c.region_id = $1 AND c.session_id = s.id)
ORDER BY s.starts_at, s.id
LIMIT $5;

-- name: read_undecided
-- Dates of an organiser of which something is open: called off while who booked chooses, or postponed without another date; with the
-- bookings that stand.
SELECT s.id, e.name AS event, s.starts_at, s.ends_at, s.status::text AS status, s.choose_until, standing.bookings
FROM reservations.session AS s
JOIN organisers.event AS e ON e.region_id = $1 AND e.id = s.event_id
CROSS JOIN LATERAL (
    SELECT count(DISTINCT t.booking_id)::integer AS bookings FROM reservations.ticket AS t
    WHERE t.region_id = $1 AND t.session_id = s.id AND t.status IN ('held', 'confirmed', 'attended', 'no_show')
) AS standing
WHERE s.region_id = $1 AND s.organiser_id = $2 AND standing.bookings > 0
    AND (s.status = 'postponed' OR s.status = 'cancelled' AND s.choose_until > $3)
ORDER BY s.starts_at, s.id
LIMIT $4;

-- name: count_to_pay_back
-- Money of this seller that goes back by hand.
SELECT count(*)
FROM credits.payment AS p
JOIN credits.refund AS r ON r.region_id = $1 AND r.payment_id = p.id AND r.status <> 'done' AND r.way = 'transfer'
WHERE p.region_id = $1 AND p.seller_id = $2;

-- name: read_filling
-- Sessions of the days to come with how many people booked on each day, the first day first.
SELECT s.id, e.name AS event, s.starts_at, s.ends_at, s.status::text AS status, room.taken, room.held, room.capacity,
    coalesce(filled.days, '{}') AS days, coalesce(filled.people, '{}') AS people
FROM reservations.session AS s
JOIN organisers.event AS e ON e.region_id = $1 AND e.id = s.event_id
CROSS JOIN LATERAL (
    SELECT coalesce(sum(p.taken), 0) AS taken, coalesce(sum(p.held), 0) AS held,
        least(
            coalesce(sum(reservations.capacity_of($1, s.id, p.kind, p.capacity, p.licensed_capacity)), 0),
            coalesce(sum(p.taken + p.held), 0) + reservations.seats_left($1, s.id)
        ) AS capacity
    FROM reservations.pool AS p
    WHERE p.region_id = $1 AND p.id = ANY (s.pool_ids)
        AND (p.parent_id IS NULL OR p.parent_id <> ALL (s.pool_ids))
) AS room
LEFT JOIN LATERAL (
    SELECT array_agg(d.day ORDER BY d.day) AS days, array_agg(d.people ORDER BY d.day) AS people
    FROM (
        SELECT (b.made_at AT TIME ZONE 'Europe/Brussels')::date AS day, sum(t.weight)::integer AS people
        FROM reservations.ticket AS t
        JOIN reservations.booking AS b ON b.region_id = $1 AND b.id = t.booking_id
        WHERE t.region_id = $1 AND t.session_id = s.id AND t.status IN ('held', 'confirmed', 'attended', 'no_show')
        GROUP BY 1
    ) AS d
) AS filled ON true
WHERE s.region_id = $1 AND s.organiser_id = $2 AND s.starts_at >= $3 AND s.starts_at < $4 AND s.status <> 'cancelled'
    AND NOT EXISTS (SELECT 1 FROM reservations.turn_card AS c WHERE c.region_id = $1 AND c.session_id = s.id)
ORDER BY s.starts_at, s.id
LIMIT $5;

-- name: read_past
-- Evenings that are over, the last first, with who came and what was sold; amounts where all of it is settled.
SELECT s.id, e.name AS event, s.starts_at, s.ends_at, s.status::text AS status, people.inside, people.expected,
    CASE WHEN s.due_at IS NULL THEN sold.gross_cents END AS gross_cents,
    CASE WHEN s.due_at IS NULL THEN sold.credit_cents END AS credit_cents
FROM reservations.session AS s
JOIN organisers.event AS e ON e.region_id = $1 AND e.id = s.event_id
CROSS JOIN LATERAL (
    SELECT coalesce(sum(t.weight) FILTER (WHERE t.status = 'attended'), 0) AS inside,
        coalesce(sum(t.weight) FILTER (WHERE t.status IN ('confirmed', 'attended', 'no_show')), 0) AS expected
    FROM reservations.ticket AS t
    WHERE t.region_id = $1 AND t.session_id = s.id
) AS people
CROSS JOIN LATERAL (
    SELECT coalesce(sum(l.price_cents::bigint * k.people / k.all_people), 0)::bigint AS gross_cents,
        coalesce(sum(l.credit_cents::bigint * k.people / k.all_people), 0)::bigint AS credit_cents
    FROM (
        SELECT booking_id, line_no, sum(weight)::integer AS all_people,
            coalesce(sum(weight) FILTER (WHERE status IN ('confirmed', 'attended', 'no_show')), 0)::integer AS people
        FROM reservations.ticket
        WHERE region_id = $1 AND session_id = s.id
        GROUP BY booking_id, line_no
    ) AS k
    JOIN reservations.line AS l ON l.region_id = $1 AND l.booking_id = k.booking_id AND l.no = k.line_no
) AS sold
WHERE s.region_id = $1 AND s.organiser_id = $2 AND s.ends_at < $3 AND (s.starts_at, s.id) < ($4, $5)
    AND NOT EXISTS (SELECT 1 FROM reservations.turn_card AS c WHERE c.region_id = $1 AND c.session_id = s.id)
ORDER BY s.starts_at DESC, s.id DESC
LIMIT $6;
