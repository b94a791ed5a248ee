-- name: read_signed_in
SELECT digest, created_at, browser, coalesce(used_on, (created_at AT TIME ZONE 'Europe/Brussels')::date) AS used_on
FROM identity.session
WHERE person_id = $1 AND revoked_at IS NULL AND expires_at > $2
ORDER BY used_on DESC, created_at DESC, digest;

-- name: revoke_of_person
UPDATE identity.session SET revoked_at = $3
WHERE person_id = $1 AND digest = $2 AND revoked_at IS NULL
RETURNING digest, device_digest;
