-- name: read_session
SELECT digest, person_id, staff_id, expires_at, second_factor_at
FROM identity.session
WHERE digest = $1 AND revoked_at IS NULL AND expires_at > $2;

-- name: read_roles
SELECT r.role::text, r.region_id, r.organiser_id, r.refnis
FROM identity.role AS r
JOIN identity.staff AS s ON s.id = r.staff_id AND s.ended_at IS NULL
WHERE r.staff_id = $1 AND r.starts_at <= $2 AND (r.ends_at IS NULL OR r.ends_at > $2);

-- name: read_bearer
SELECT t.client_id, t.person_id, t.expires_at, c.region_id, c.organiser_ids
FROM identity.access_token AS t
LEFT JOIN identity.client AS c ON c.id = t.client_id
WHERE t.digest = $1 AND t.revoked_at IS NULL AND t.expires_at > $2 AND c.ended_at IS NULL;

