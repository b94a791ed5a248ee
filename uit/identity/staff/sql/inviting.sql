-- name: lock_address
-- An address that nobody has gets its row here already. Of two who invite it at once, the second waits, and
-- reads in later statements what the first gave.
INSERT INTO identity.staff AS s (id, name, email, created_at)
VALUES ($1, $2, $3, $4)
ON CONFLICT (email) DO UPDATE SET name = s.name;

-- name: lock_member
SELECT id FROM identity.staff WHERE id = $1 FOR NO KEY UPDATE;

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
