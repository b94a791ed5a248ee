-- name: read_open
-- Of what they hold, their own lines; of what they claimed, all of it.
WITH own AS (
    SELECT booking_id, no FROM reservations.line WHERE region_id = $1 AND holder_id = $2
    UNION
    SELECT l.booking_id, l.no FROM reservations.claimed_booking AS c
    JOIN reservations.line AS l ON l.region_id = $1 AND l.booking_id = c.booking_id
    WHERE c.region_id = $1 AND c.membership_id = $2
)
SELECT (
    SELECT count(DISTINCT own.booking_id)
    FROM own
    JOIN reservations.ticket AS k ON k.region_id = $1 AND k.booking_id = own.booking_id AND k.line_no = own.no
    JOIN reservations.session AS s ON s.region_id = $1 AND s.id = k.session_id
    WHERE k.status = 'held' OR k.status = 'confirmed' AND (s.ends_at > $3 OR s.status IN ('postponed', 'suspended'))
) AS bookings, (
    SELECT coalesce(sum(held_cents), 0)::bigint FROM credits.purse WHERE region_id = $1 AND wallet_id = $2
) AS credit_cents, (
    SELECT count(*) FROM credits.refund
    WHERE region_id = $1 AND booking_id IN (SELECT booking_id FROM own) AND status <> 'done'
) AS refunds;
