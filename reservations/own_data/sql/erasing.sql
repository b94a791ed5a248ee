-- name: read_open
WITH own AS (
    SELECT DISTINCT booking_id FROM reservations.line WHERE region_id = $1 AND holder_id = $2
)
SELECT (
    SELECT count(DISTINCT l.booking_id)
    FROM reservations.line AS l
    JOIN reservations.session AS s ON s.region_id = $1 AND s.id = l.session_id
    JOIN reservations.ticket AS k ON k.region_id = $1 AND k.booking_id = l.booking_id AND k.line_no = l.no
    WHERE l.region_id = $1 AND l.holder_id = $2
        AND (k.status = 'held' OR k.status = 'confirmed' AND (s.ends_at > $3 OR s.status IN ('postponed', 'suspended')))
) AS bookings, (
    SELECT coalesce(sum(held_cents), 0)::bigint FROM credits.purse WHERE region_id = $1 AND wallet_id = $2
) AS credit_cents, (
    SELECT count(*) FROM credits.refund
    WHERE region_id = $1 AND booking_id IN (SELECT booking_id FROM own) AND status <> 'done'
) AS refunds;
