-- name: lock_booking
SELECT FROM reservations.booking WHERE region_id = $1 AND id = $2 FOR NO KEY UPDATE;

-- name: hold_for
-- From when the page is open its holder has the time that was promised.
UPDATE reservations.booking SET held_until = greatest(held_until, $3)
WHERE region_id = $1 AND id = $2 AND held_until IS NOT NULL;

-- name: read_title
-- What is paid, as a payment page says it: the first activity that is, and whether there are more.
SELECT min(x.name) FILTER (WHERE x.no = 1) || CASE WHEN count(*) > 1 THEN ' + ' || count(*) - 1 ELSE '' END
FROM (
    SELECT e.name, row_number() OVER (ORDER BY min(l.no)) AS no
    FROM reservations.line AS l
    JOIN reservations.session AS s ON s.region_id = $1 AND s.id = l.session_id
    JOIN organisers.event AS e ON e.region_id = $1 AND e.id = s.event_id
    WHERE l.region_id = $1 AND l.booking_id = $2 AND l.price_cents > l.credit_cents
    GROUP BY e.id, e.name
) AS x;
