-- name: made_for_member
-- The bookings that were made for a member by one thing that was given, latest date first.
SELECT max(s.starts_at) AS starts_at, b.id
FROM reservations.line AS l
JOIN reservations.booking AS b ON b.region_id = $1 AND b.id = l.booking_id
    AND b.actor_kind = 'holder' AND b.actor_id = $3
JOIN reservations.session AS s ON s.region_id = $1 AND s.id = l.session_id
WHERE l.region_id = $1 AND l.holder_id = $2
GROUP BY b.id
ORDER BY 1 DESC, 2 DESC
LIMIT $4;
