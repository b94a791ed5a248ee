-- name: works_elsewhere
SELECT EXISTS (
    SELECT 1 FROM identity.role
    WHERE staff_id = $1 AND region_id <> $2 AND (ends_at IS NULL OR ends_at > $3)
);

-- name: read_colleague
SELECT s.id, s.name, s.email, s.totp_secret IS NOT NULL AS has_joined
FROM identity.staff AS s
WHERE s.id = $1 AND s.ended_at IS NULL AND EXISTS (
    SELECT 1 FROM identity.role AS r
    WHERE r.staff_id = s.id AND r.region_id = $2 AND (r.ends_at IS NULL OR r.ends_at > $3)
);
