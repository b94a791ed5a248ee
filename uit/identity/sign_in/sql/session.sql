-- name: add_session
INSERT INTO identity.session (
    digest, person_id, staff_id, created_at, expires_at, second_factor_at, device_digest, browser, network
) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: note_sign_in
-- The day alone, once a day: who signs in uses what they have.
UPDATE identity.person SET signed_in_on = $2 WHERE id = $1 AND signed_in_on IS DISTINCT FROM $2;

-- name: revoke_session
UPDATE identity.session SET revoked_at = $2 WHERE digest = $1 AND revoked_at IS NULL;

-- name: revoke_sessions
UPDATE identity.session
SET revoked_at = $3
WHERE (person_id = $1 OR staff_id = $2) AND revoked_at IS NULL
RETURNING digest;

-- name: revoke_others
UPDATE identity.session
SET revoked_at = $3
WHERE staff_id = $1 AND digest <> $2 AND revoked_at IS NULL
RETURNING digest;

-- name: revoke_device
UPDATE identity.session
SET revoked_at = $3
WHERE staff_id = $1 AND (digest = $2 OR device_digest = $4) AND revoked_at IS NULL
RETURNING digest;

-- name: read_staff_sessions
SELECT digest, created_at, browser, network, device_digest
FROM identity.session
WHERE staff_id = $1 AND revoked_at IS NULL AND expires_at > $2 AND second_factor_at IS NOT NULL
ORDER BY created_at DESC, digest;

-- name: read_staff_session
-- Also one that is over: its device may be known still.
SELECT digest, created_at, browser, network, device_digest
FROM identity.session
WHERE staff_id = $1 AND digest = $2;
