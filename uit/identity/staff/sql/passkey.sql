-- name: add_passkey
INSERT INTO identity.passkey (id, staff_id, name, public_key, sign_count, created_at)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (id) DO NOTHING;

-- name: read_passkeys
SELECT id, name, created_at, used_at FROM identity.passkey WHERE staff_id = $1 ORDER BY created_at, id;

-- name: find_key
SELECT k.staff_id, k.public_key, k.sign_count
FROM identity.passkey AS k
JOIN identity.staff AS s ON s.id = k.staff_id
WHERE k.id = $1 AND s.ended_at IS NULL AND s.password_hash IS NOT NULL AND s.totp_secret IS NOT NULL;

-- name: use_key
-- Of two that bring a count at the same moment, the row lock lets one be first. Many devices do not count.
UPDATE identity.passkey
SET sign_count = $2, used_at = $3
WHERE id = $1 AND (sign_count < $2 OR (sign_count = 0 AND $2 = 0));

-- name: remove_passkey
DELETE FROM identity.passkey WHERE staff_id = $1 AND id = $2;

-- name: remove_passkeys_since
DELETE FROM identity.passkey WHERE staff_id = $1 AND created_at >= $2;

-- name: remove_passkeys
DELETE FROM identity.passkey WHERE staff_id = $1;
