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
WHERE p.taken <> coalesce(live.places, 0) + coalesce(e.places, 0);

-- name: torn_bookings
-- A booking without lines, a line without its booking or its tickets, a ticket without its line.
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
);

-- name: unpaid_lines
-- A line whose credit is not what stands for it (put aside, settled, or released since by its earning rule) and what came
-- back by the tickets that ended.
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
)
SELECT l.region_id, l.booking_id AS id FROM reservations.line AS l
LEFT JOIN standing AS c ON c.region_id = l.region_id AND c.booking_id = l.booking_id AND c.line_no = l.no
LEFT JOIN ended AS e ON e.region_id = l.region_id AND e.booking_id = l.booking_id AND e.line_no = l.no
WHERE l.credit_cents < coalesce(c.cents, 0) + coalesce(e.cents, 0)
    OR l.credit_cents > coalesce(c.cents, 0) + coalesce(e.cents, 0) AND NOT coalesce(e.missed, false);

-- name: lost_holds
-- Credit that is put aside and that nothing will ever resolve: of a booking that is gone, of a line of which every ticket
-- ended, or of a date for which nothing is due any more.
SELECT h.region_id, h.id
FROM credits.transfer AS h
LEFT JOIN reservations.line AS l ON l.region_id = h.region_id AND l.booking_id = h.booking_id AND l.no = h.line_no
LEFT JOIN reservations.session AS s ON s.region_id = l.region_id AND s.id = l.session_id
WHERE h.kind = 'hold'
    AND NOT EXISTS (SELECT 1 FROM credits.resolution AS r WHERE r.region_id = h.region_id AND r.hold_id = h.id)
    AND (l.no IS NULL OR s.due_at IS NULL AND s.status NOT IN ('postponed', 'suspended') OR NOT EXISTS (
        SELECT 1 FROM reservations.ticket AS t
        WHERE t.region_id = l.region_id AND t.booking_id = l.booking_id AND t.line_no = l.no
            AND t.status IN ('held', 'confirmed', 'attended', 'no_show')
    ))
LIMIT 20;

-- name: left_tickets
-- A live ticket for a date that is over or called off, and that nothing will end: the worker sees no work there.
SELECT t.region_id, t.booking_id AS id
FROM reservations.session AS s
JOIN reservations.ticket AS t ON t.region_id = s.region_id AND t.session_id = s.id
WHERE s.due_at IS NULL AND s.status NOT IN ('postponed', 'suspended') AND t.status IN ('held', 'confirmed')
LIMIT 20;
