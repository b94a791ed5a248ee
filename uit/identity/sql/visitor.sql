-- name: read_session
SELECT digest, person_id, staff_id, expires_at, second_factor_at, used_on
FROM identity.session
WHERE digest = $1 AND revoked_at IS NULL AND expires_at > $2
    AND NOT EXISTS (SELECT 1 FROM identity.staff AS s WHERE s.id = staff_id AND s.ended_at IS NOT NULL)
    AND NOT EXISTS (SELECT 1 FROM identity.person AS p WHERE p.id = person_id AND p.ended_at IS NOT NULL);

-- name: note_use
UPDATE identity.session SET used_on = $2 WHERE digest = $1 AND used_on IS DISTINCT FROM $2;

-- name: read_roles
SELECT r.role::text, r.region_id, r.organiser_id, r.refnis, r.partner_id
FROM identity.role AS r
JOIN identity.staff AS s ON s.id = r.staff_id AND s.ended_at IS NULL
WHERE r.staff_id = $1 AND r.starts_at <= $2 AND (r.ends_at IS NULL OR r.ends_at > $2);

-- name: read_bearer
SELECT t.client_id, t.person_id, t.expires_at, c.region_id, c.organiser_ids, c.return_origins, c.scopes
FROM identity.access_token AS t
LEFT JOIN identity.client AS c ON c.id = t.client_id
WHERE t.digest = $1 AND t.revoked_at IS NULL AND t.expires_at > $2 AND c.ended_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM identity.person AS p WHERE p.id = t.person_id AND p.ended_at IS NOT NULL);

-- name: read_door
SELECT region_id, session_id, organiser_id, id AS link_id
FROM identity.door_link
WHERE digest = $1 AND device_digest = $2 AND revoked_at IS NULL AND opens_at <= $3 AND closes_at > $3;

-- name: tell_forgotten
SELECT pg_notify($1, digest) FROM unnest($2::text[]) AS t (digest);
