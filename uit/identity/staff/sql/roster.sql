-- name: read_roster
SELECT s.id AS staff_id, s.name, s.email, s.totp_secret IS NOT NULL AS has_joined, r.region_id, r.role::text,
    r.organiser_id, r.refnis, r.partner_id
FROM identity.role AS r
JOIN identity.staff AS s ON s.id = r.staff_id AND s.ended_at IS NULL
WHERE ($1::integer IS NULL OR r.region_id = $1) AND r.starts_at <= $2 AND (r.ends_at IS NULL OR r.ends_at > $2)
ORDER BY lower(s.name), s.id, r.region_id, r.role, r.id;
