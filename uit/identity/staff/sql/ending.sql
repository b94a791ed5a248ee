-- name: lock_leaver
SELECT id, totp_secret IS NOT NULL AS has_joined FROM identity.staff
WHERE id = $1 AND ended_at IS NULL FOR NO KEY UPDATE;

-- name: read_live_roles
SELECT region_id, id, role::text
FROM identity.role
WHERE staff_id = $1 AND (ends_at IS NULL OR ends_at > $2)
ORDER BY region_id, id;

-- name: find_ended
-- Also of who is gone. Which roles: $2 and $3 are null for any role and any region.
SELECT s.id AS staff_id, s.ended_at IS NOT NULL AS is_gone
FROM identity.staff AS s
WHERE s.email = $1 AND EXISTS (
    SELECT 1
    FROM identity.role AS r
    WHERE r.staff_id = s.id AND r.ends_at <= $4
        AND ($2::text IS NULL OR r.role::text = $2) AND ($3::integer IS NULL OR r.region_id = $3)
);

-- name: lock_officers
-- Of two who end each other, the second waits here. Who is left is read in a later statement.
SELECT id FROM uit.region WHERE id = $1 FOR NO KEY UPDATE;

-- name: has_other_officer
SELECT EXISTS (
    SELECT 1
    FROM identity.role AS r
    JOIN identity.staff AS s ON s.id = r.staff_id AND s.ended_at IS NULL AND s.totp_secret IS NOT NULL
    WHERE r.region_id = $1 AND r.role = 'region_officer' AND r.staff_id <> $2 AND r.starts_at <= $3
        AND (r.ends_at IS NULL OR r.ends_at > $3)
);

-- name: end_role
UPDATE identity.role AS r SET ends_at = greatest(r.starts_at, $3)
FROM unnest($1::integer[], $2::uuid[]) AS t (region_id, id)
WHERE r.region_id = t.region_id AND r.id = t.id;

-- name: end_member
UPDATE identity.staff SET ended_at = $2 WHERE id = $1;
