-- name: miscounted_pools
-- A pool whose taken places are not the live tickets that draw on it, with those that were erased since.
SELECT p.region_id, p.id, p.taken, (coalesce(live.places, 0) + coalesce(e.places, 0))::integer AS live
FROM reservations.pool AS p
LEFT JOIN (
    SELECT l.region_id, drawn.pool_id, sum(t.weight) AS places
    FROM reservations.line AS l
    JOIN reservations.ticket AS t ON t.region_id = l.region_id AND t.booking_id = l.booking_id AND t.line_no = l.no
    CROSS JOIN LATERAL unnest(l.pool_ids) AS drawn (pool_id)
    WHERE t.status IN ('held', 'confirmed', 'attended', 'no_show')
    GROUP BY l.region_id, drawn.pool_id
) AS live ON live.region_id = p.region_id AND live.pool_id = p.id
LEFT JOIN reservations.erased_places AS e ON e.region_id = p.region_id AND e.pool_id = p.id
WHERE p.taken <> coalesce(live.places, 0) + coalesce(e.places, 0)
LIMIT $1;

-- name: miscounted_rooms
-- A room that holds back less than what is set apart in it for channels.
SELECT p.region_id, p.id, p.held, apart.places
FROM reservations.pool AS p
JOIN (
    SELECT a.region_id, own.parent_id, sum(greatest(own.capacity - own.taken, 0))::integer AS places
    FROM reservations.allotment AS a
    JOIN reservations.pool AS own ON own.region_id = a.region_id AND own.id = a.pool_id
    WHERE a.released_at IS NULL
    GROUP BY a.region_id, own.parent_id
) AS apart ON apart.region_id = p.region_id AND apart.parent_id = p.id
WHERE p.held < apart.places
LIMIT $1;

-- name: torn_bookings
-- A booking without lines, a line without its booking or its tickets, a ticket or an enrolment without its line.
SELECT b.region_id, b.id FROM reservations.booking AS b
WHERE NOT EXISTS (SELECT 1 FROM reservations.line AS l WHERE l.region_id = b.region_id AND l.booking_id = b.id)
UNION
SELECT l.region_id, l.booking_id FROM reservations.line AS l
LEFT JOIN reservations.booking AS b ON b.region_id = l.region_id AND b.id = l.booking_id
LEFT JOIN (
    SELECT region_id, booking_id, line_no, count(*) AS tickets FROM reservations.ticket
    GROUP BY region_id, booking_id, line_no
) AS t ON t.region_id = l.region_id AND t.booking_id = l.booking_id AND t.line_no = l.no
WHERE b.id IS NULL OR t.tickets IS DISTINCT FROM l.places
UNION
SELECT t.region_id, t.booking_id FROM reservations.ticket AS t
WHERE NOT EXISTS (
    SELECT 1 FROM reservations.line AS l
    WHERE l.region_id = t.region_id AND l.booking_id = t.booking_id AND l.no = t.line_no
)
UNION
SELECT e.region_id, e.booking_id FROM reservations.enrolment AS e
CROSS JOIN LATERAL unnest(e.line_nos) AS own (no)
LEFT JOIN reservations.line AS l ON l.region_id = e.region_id AND l.booking_id = e.booking_id AND l.no = own.no
WHERE l.no IS NULL
LIMIT $1;

-- name: unpaid_lines
-- A line whose credit is not what stands for it (put aside, settled, or released since by its earning rule) and what came
-- back by the tickets that ended, but for money. What was paid twice came back by no ticket.
WITH standing AS (
    SELECT h.region_id, h.booking_id, h.line_no, sum(h.amount_cents) AS cents
    FROM credits.transfer AS h
    LEFT JOIN credits.resolution AS r ON r.region_id = h.region_id AND r.hold_id = h.id
    LEFT JOIN credits.transfer AS s
        ON s.region_id = h.region_id AND s.booking_id = h.booking_id AND s.kind = 'settle' AND s.hold_id = h.id
    WHERE h.kind = 'hold' AND (r.hold_id IS NULL OR s.id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM credits.transfer AS u WHERE u.region_id = s.region_id AND u.reverses_id = s.id
    ))
    GROUP BY h.region_id, h.booking_id, h.line_no
), ended AS (
    SELECT region_id, booking_id, line_no, sum(returned_cents) AS cents, bool_or(status = 'no_show') AS missed
    FROM reservations.ticket GROUP BY region_id, booking_id, line_no
), refunded AS (
    SELECT region_id, booking_id, line_no, sum(amount_cents) AS cents
    FROM credits.refund WHERE reason <> 'paid_twice' GROUP BY region_id, booking_id, line_no
)
SELECT l.region_id, l.booking_id AS id FROM reservations.line AS l
LEFT JOIN standing AS c ON c.region_id = l.region_id AND c.booking_id = l.booking_id AND c.line_no = l.no
LEFT JOIN ended AS e ON e.region_id = l.region_id AND e.booking_id = l.booking_id AND e.line_no = l.no
LEFT JOIN refunded AS f ON f.region_id = l.region_id AND f.booking_id = l.booking_id AND f.line_no = l.no
CROSS JOIN LATERAL (
    SELECT coalesce(c.cents, 0) + coalesce(e.cents, 0) - coalesce(f.cents, 0) AS cents
) AS found
WHERE l.credit_cents < found.cents OR l.credit_cents > found.cents AND NOT coalesce(e.missed, false)
LIMIT $1;

-- name: money_unexplained
-- A line whose money came in, or is owed, and is not what its tickets keep and what goes back. A ticket that has a place keeps
-- its own money, and one that a change holds has none yet; one that was given up since it was paid keeps the fee of it.
WITH own AS (
    SELECT t.region_id, t.booking_id, t.line_no, t.status, t.ending, t.ended_at, l.cancel_fee_cents,
        EXISTS (
            SELECT 1 FROM reservations.change AS c
            WHERE c.region_id = t.region_id AND c.booking_id = t.booking_id AND c.state = 'pending'
        ) AS is_of_change,
        (l.price_cents - l.credit_cents) * sum(t.weight) OVER upto / sum(t.weight) OVER whole
        - (l.price_cents - l.credit_cents) * (sum(t.weight) OVER upto - t.weight) / sum(t.weight) OVER whole AS cents
    FROM reservations.ticket AS t
    JOIN reservations.line AS l ON l.region_id = t.region_id AND l.booking_id = t.booking_id AND l.no = t.line_no
    WHERE l.price_cents > l.credit_cents
    WINDOW whole AS (PARTITION BY t.region_id, t.booking_id, t.line_no),
        upto AS (PARTITION BY t.region_id, t.booking_id, t.line_no ORDER BY t.no)
), came_in AS (
    SELECT p.region_id, p.booking_id, paid.no AS line_no, sum(paid.cents) AS cents, array_agg(p.id) AS payment_ids,
        min(CASE p.means WHEN 'invoice' THEN p.made_at ELSE p.paid_at END) AS since
    FROM credits.payment AS p CROSS JOIN LATERAL unnest(p.line_cents) WITH ORDINALITY AS paid (cents, no)
    WHERE p.status IN ('paid', 'refunded') OR p.status = 'pending' AND p.means = 'invoice'
    GROUP BY p.region_id, p.booking_id, paid.no
)
SELECT c.region_id, c.booking_id AS id FROM came_in AS c
JOIN own AS o ON o.region_id = c.region_id AND o.booking_id = c.booking_id AND o.line_no = c.line_no
GROUP BY c.region_id, c.booking_id, c.payment_ids, c.line_no, c.cents
HAVING c.cents <> sum(CASE
    WHEN o.status IN ('confirmed', 'attended', 'no_show') OR o.status = 'held' AND NOT o.is_of_change THEN o.cents
    WHEN o.ending = 'given_up' AND o.ended_at > c.since THEN least(o.cancel_fee_cents, o.cents)
    ELSE 0
END) + (
    SELECT coalesce(sum(f.amount_cents), 0) FROM credits.refund AS f
    WHERE f.region_id = c.region_id AND f.payment_id = ANY (c.payment_ids) AND f.line_no = c.line_no
)
LIMIT $1;

-- name: seats_nobody_paid
-- A place that is not only held, of a line that costs money, and no money came in for its booking, nor is owed on an invoice.
SELECT DISTINCT l.region_id, l.booking_id AS id
FROM reservations.line AS l
JOIN reservations.ticket AS t ON t.region_id = l.region_id AND t.booking_id = l.booking_id AND t.line_no = l.no
WHERE l.price_cents > l.credit_cents AND t.status IN ('confirmed', 'attended', 'no_show') AND NOT EXISTS (
    SELECT 1 FROM credits.payment AS p
    WHERE p.region_id = l.region_id AND p.booking_id = l.booking_id
        AND (p.status IN ('paid', 'refunded') OR p.status = 'pending' AND p.means = 'invoice')
)
LIMIT $1;

-- name: lost_holds
-- Credit that is put aside and that nothing will ever resolve: of a booking that is gone, of a line of which every ticket
-- ended, or of a date for which nothing is due any more, where its places are not held until a moment.
SELECT h.region_id, h.id
FROM credits.transfer AS h
LEFT JOIN reservations.line AS l ON l.region_id = h.region_id AND l.booking_id = h.booking_id AND l.no = h.line_no
LEFT JOIN reservations.session AS s ON s.region_id = l.region_id AND s.id = l.session_id
LEFT JOIN reservations.booking AS b ON b.region_id = l.region_id AND b.id = l.booking_id
WHERE h.kind = 'hold'
    AND NOT EXISTS (SELECT 1 FROM credits.resolution AS r WHERE r.region_id = h.region_id AND r.hold_id = h.id)
    AND (l.no IS NULL OR s.due_at IS NULL AND b.held_until IS NULL AND s.status NOT IN ('postponed', 'suspended') OR NOT EXISTS (
        SELECT 1 FROM reservations.ticket AS t
        WHERE t.region_id = l.region_id AND t.booking_id = l.booking_id AND t.line_no = l.no
            AND t.status IN ('held', 'confirmed', 'attended', 'no_show')
    ))
LIMIT $1;

-- name: left_tickets
-- A live ticket for a date that is over or called off, and that nothing will end: the worker sees no work there. What is held
-- until a moment lapses.
SELECT t.region_id, t.booking_id AS id
FROM reservations.session AS s
JOIN reservations.ticket AS t ON t.region_id = s.region_id AND t.session_id = s.id
JOIN reservations.booking AS b ON b.region_id = t.region_id AND b.id = t.booking_id
WHERE s.due_at IS NULL AND s.status NOT IN ('postponed', 'suspended')
    AND (t.status = 'confirmed' OR t.status = 'held' AND b.held_until IS NULL)
LIMIT $1;

-- name: shared_seats
-- A seat on two live tickets of a date. The index sees what stands on a ticket as one, and one for several people has several seats.
SELECT t.region_id, t.session_id AS id, s.seat
FROM reservations.ticket AS t CROSS JOIN LATERAL unnest(string_to_array(t.seat, ',')) AS s (seat)
WHERE t.seat IS NOT NULL AND t.status IN ('held', 'confirmed', 'attended', 'no_show')
GROUP BY t.region_id, t.session_id, s.seat
HAVING count(*) > 1
LIMIT $1;

-- name: miscounted_seats
SELECT t.region_id, t.booking_id AS id
FROM reservations.ticket AS t
WHERE t.seat IS NOT NULL AND t.status IN ('held', 'confirmed', 'attended', 'no_show')
    AND cardinality(string_to_array(t.seat, ',')) <> t.weight
LIMIT $1;
