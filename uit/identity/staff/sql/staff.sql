-- name: find_staff
SELECT id, password_hash
FROM identity.staff
WHERE email = $1 AND ended_at IS NULL AND password_hash IS NOT NULL AND totp_secret IS NOT NULL;

-- name: find_colleague
SELECT id, name, email, totp_secret IS NOT NULL AS has_joined
FROM identity.staff
WHERE email = $1 AND ended_at IS NULL;

-- name: read_staff
SELECT id, name, email, password_hash IS NOT NULL AS has_password, totp_secret, totp_last_step
FROM identity.staff
WHERE id = $1 AND ended_at IS NULL;

-- name: add_staff
-- Whoever was here before keeps their id, so that the audit trail stays of one piece.
INSERT INTO identity.staff (id, name, email, created_at)
VALUES ($1, $2, $3, $4)
ON CONFLICT (email) DO UPDATE SET name = excluded.name, ended_at = NULL
RETURNING id;

-- name: lock_former
-- Somebody who worked here before.
SELECT id, ended_at FROM identity.staff WHERE email = $1 AND ended_at IS NOT NULL FOR NO KEY UPDATE;

-- name: end_former_roles
UPDATE identity.role SET ends_at = greatest(starts_at, $2) WHERE staff_id = $1 AND (ends_at IS NULL OR ends_at > $2);

-- name: remove_credentials
UPDATE identity.staff SET password_hash = NULL, totp_secret = NULL, totp_last_step = 0 WHERE id = $1;

-- name: give_roles
INSERT INTO identity.role (region_id, id, staff_id, role, organiser_id, refnis, partner_id, starts_at)
SELECT r.region_id, r.id, $1, r.role::identity.staff_role, r.organiser_id, r.refnis, r.partner_id, $3
FROM json_to_recordset($2) AS r (
    region_id integer, id uuid, role text, organiser_id uuid, refnis text, partner_id uuid
)
WHERE NOT EXISTS (
    SELECT 1 FROM identity.role AS had
    WHERE had.staff_id = $1 AND had.region_id = r.region_id AND had.role::text = r.role
        AND had.organiser_id IS NOT DISTINCT FROM r.organiser_id AND had.refnis IS NOT DISTINCT FROM r.refnis
        AND had.partner_id IS NOT DISTINCT FROM r.partner_id
        AND (had.ends_at IS NULL OR had.ends_at > $3)
);

-- name: set_password
UPDATE identity.staff SET password_hash = $2 WHERE id = $1;

-- name: set_second_factor
UPDATE identity.staff SET totp_secret = $2, totp_last_step = $3 WHERE id = $1;

-- name: use_step
-- Of two that bring the same code at the same moment, the row lock lets one be first.
UPDATE identity.staff SET totp_last_step = $2 WHERE id = $1 AND totp_last_step < $2;

-- name: read_towns
SELECT refnis, name FROM uit.municipality WHERE refnis = ANY($1);
