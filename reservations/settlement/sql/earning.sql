-- name: lock_due
-- Bookings with something to settle, or with tickets that nobody showed before the doors closed. Who is being booked,
-- cancelled or checked in at this moment comes next time.
WITH candidate AS (
    SELECT s.region_id, s.id FROM reservations.session AS s
    WHERE s.settled_at IS NULL AND s.cancel_until <= $1
    UNION
    SELECT s.region_id, s.id FROM reservations.session AS s
    WHERE s.settled_at IS NULL AND EXISTS (
        SELECT FROM reservations.ticket AS t
        WHERE t.region_id = s.region_id AND t.session_id = s.id AND t.status = 'attended'
    )
), brought AS (
    SELECT DISTINCT t.region_id, t.booking_id
    FROM candidate AS c JOIN reservations.ticket AS t ON t.region_id = c.region_id AND t.session_id = c.id
    WHERE t.status IN ('confirmed', 'attended')
), due AS (
    SELECT h.region_id, h.booking_id
    FROM reservations.open_holds(
        (SELECT array_agg(region_id ORDER BY region_id, booking_id) FROM brought),
        (SELECT array_agg(booking_id ORDER BY region_id, booking_id) FROM brought), $2
    ) AS h
    WHERE h.earned_at <= $1
    UNION
    SELECT t.region_id, t.booking_id
    FROM reservations.session AS s
    JOIN reservations.ticket AS t ON t.region_id = s.region_id AND t.session_id = s.id
    WHERE s.settled_at IS NULL AND s.status <> 'cancelled' AND s.ends_at + $2 <= $1 AND t.status = 'confirmed'
    LIMIT $3
)
SELECT b.region_id, b.id
FROM due AS d JOIN reservations.booking AS b ON b.region_id = d.region_id AND b.id = d.booking_id
ORDER BY b.region_id, b.id
FOR NO KEY UPDATE OF b SKIP LOCKED;

-- name: read_open_holds
SELECT
    region_id, id, booking_id, line_no, amount_cents, earning::text AS earning, no_show_percent, lapses_at,
    attended, missed, earned_at
FROM reservations.open_holds($1, $2, $3)
ORDER BY lapses_at, id;

-- name: mark_no_shows
UPDATE reservations.ticket AS t SET status = 'no_show'
FROM unnest($1::integer[], $2::uuid[]) AS k (region_id, booking_id), reservations.session AS s
WHERE t.region_id = k.region_id AND t.booking_id = k.booking_id AND t.status = 'confirmed'
    AND s.region_id = t.region_id AND s.id = t.session_id AND s.status <> 'cancelled' AND s.ends_at + $4 <= $3;

-- name: mark_settled
UPDATE reservations.session AS s SET settled_at = $1
WHERE s.settled_at IS NULL AND s.cancel_until <= $1 AND s.ends_at + $2 <= $1 AND NOT EXISTS (
    SELECT FROM reservations.ticket AS t
    LEFT JOIN credits.transfer AS h
        ON h.region_id = t.region_id AND h.booking_id = t.booking_id AND h.line_no = t.line_no AND h.kind = 'hold'
    WHERE t.region_id = s.region_id AND t.session_id = s.id AND (
        t.status IN ('held', 'confirmed')
        OR h.id IS NOT NULL AND NOT EXISTS (
            SELECT FROM credits.resolution AS r WHERE r.region_id = h.region_id AND r.hold_id = h.id
        )
    )
);
