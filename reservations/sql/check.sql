-- name: miscounted_pools
-- A pool whose taken places are not the live tickets that draw on it.
SELECT p.region_id, p.id, p.taken, coalesce(live.places, 0)::integer AS live
FROM reservations.pool AS p
LEFT JOIN (
    SELECT l.region_id, drawn.pool_id, sum(t.weight) AS places
    FROM reservations.line AS l
    JOIN reservations.ticket AS t ON t.region_id = l.region_id AND t.booking_id = l.booking_id AND t.line_no = l.no
    CROSS JOIN LATERAL unnest(l.pool_ids) AS drawn (pool_id)
    WHERE t.status IN ('held', 'confirmed', 'attended', 'no_show')
    GROUP BY l.region_id, drawn.pool_id
) AS live ON live.region_id = p.region_id AND live.pool_id = p.id
WHERE p.taken <> coalesce(live.places, 0);

-- name: torn_bookings
-- A booking without lines, a line without its booking or its tickets, a ticket without its line.
SELECT b.region_id, b.id FROM reservations.booking AS b
WHERE NOT EXISTS (SELECT FROM reservations.line AS l WHERE l.region_id = b.region_id AND l.booking_id = b.id)
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
    SELECT FROM reservations.line AS l
    WHERE l.region_id = t.region_id AND l.booking_id = t.booking_id AND l.no = t.line_no
);

-- name: unpaid_lines
-- A line whose credit is not what was put aside for it.
SELECT l.region_id, l.booking_id AS id FROM reservations.line AS l
LEFT JOIN (
    SELECT region_id, booking_id, line_no, sum(amount_cents) AS cents FROM credits.transfer WHERE kind = 'hold'
    GROUP BY region_id, booking_id, line_no
) AS h ON h.region_id = l.region_id AND h.booking_id = l.booking_id AND h.line_no = l.no
WHERE l.credit_cents <> coalesce(h.cents, 0);
