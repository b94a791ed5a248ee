-- name: read_power
-- The widest first: no limit, then the highest.
SELECT id, kind::text, person_id, representative_id, powers, limit_cents, ends_on
FROM identity.representation
WHERE representative_id = $1 AND person_id = $2 AND $3 = ANY(powers)
    AND starts_on <= $4 AND (ends_on IS NULL OR ends_on >= $4) AND revoked_at IS NULL
ORDER BY limit_cents DESC NULLS FIRST, id
LIMIT 1;

-- name: read_represented
SELECT id, kind::text, person_id, representative_id, powers, limit_cents, ends_on
FROM identity.representation
WHERE representative_id = $1
    AND starts_on <= $2 AND (ends_on IS NULL OR ends_on >= $2) AND revoked_at IS NULL
ORDER BY person_id, id;

-- name: read_parent_ids
-- Who has parental authority on a day, and an address.
SELECT coalesce(array_agg(DISTINCT p.id), '{}')
FROM identity.representation AS r
JOIN identity.person AS p ON p.id = r.representative_id AND p.email IS NOT NULL AND p.ended_at IS NULL
WHERE r.person_id = $1 AND r.kind = 'parental' AND r.revoked_at IS NULL
    AND r.starts_on <= $2 AND (r.ends_on IS NULL OR r.ends_on >= $2);

-- name: revoke_representation
UPDATE identity.representation
SET revoked_at = $3
WHERE id = $1 AND person_id = $2 AND kind = 'trusted' AND revoked_at IS NULL;
