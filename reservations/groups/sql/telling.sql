-- name: staff_of_group
-- Who works with the group that made a booking, at a moment.
SELECT DISTINCT r.staff_id
FROM reservations.line AS l
JOIN passes.group_pass AS g ON g.region_id = $1 AND g.id = l.holder_id
JOIN identity.role AS r ON r.region_id = $1 AND r.role = 'group_worker' AND r.partner_id = g.partner_id
    AND r.starts_at <= $3 AND (r.ends_at IS NULL OR r.ends_at > $3)
JOIN identity.staff AS s ON s.id = r.staff_id AND s.ended_at IS NULL
WHERE l.region_id = $1 AND l.booking_id = $2;

-- name: read_worker
SELECT s.email, g.partner_id, g.id AS group_id, g.name AS group_name
FROM reservations.line AS l
JOIN passes.group_pass AS g ON g.region_id = $1 AND g.id = l.holder_id
JOIN identity.role AS r ON r.region_id = $1 AND r.role = 'group_worker' AND r.partner_id = g.partner_id
    AND r.staff_id = $3 AND r.starts_at <= $4 AND (r.ends_at IS NULL OR r.ends_at > $4)
JOIN identity.staff AS s ON s.id = r.staff_id AND s.ended_at IS NULL
WHERE l.region_id = $1 AND l.booking_id = $2
LIMIT 1;
