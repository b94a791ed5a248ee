-- name: read_contested
SELECT d.booking_id, d.status::text AS status, d.amount_cents, e.name AS event, s.starts_at, s.ends_at,
    d.seller_id, o.name AS seller
FROM credits.dispute AS d
JOIN reservations.line AS l ON l.region_id = $1 AND l.booking_id = d.booking_id AND l.no = 1
JOIN reservations.session AS s ON s.region_id = $1 AND s.id = l.session_id
JOIN organisers.event AS e ON e.region_id = $1 AND e.id = s.event_id
JOIN organisers.organiser AS o ON o.region_id = $1 AND o.id = d.seller_id
WHERE d.region_id = $1 AND d.id = $2;
