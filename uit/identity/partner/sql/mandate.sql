-- name: read_mandates
-- Those that were not ended and are not over on a day.
SELECT g.id, g.partner_id, g.powers, g.limit_cents, g.ends_on, p.name AS partner, p.kind
FROM identity.mandate AS g
JOIN identity.partner AS p ON p.region_id = $1 AND p.id = g.partner_id
WHERE g.region_id = $1 AND g.person_id = $2 AND g.revoked_at IS NULL AND g.ends_on >= $3
ORDER BY g.created_at, g.id;

-- name: read_services
-- For the person themselves alone.
SELECT c.id, c.partner_id, p.name AS partner
FROM identity.service_client AS c
JOIN identity.partner AS p ON p.region_id = $1 AND p.id = c.partner_id
WHERE c.region_id = $1 AND c.person_id = $2 AND c.ended_at IS NULL
ORDER BY c.started_at, c.id;

-- name: insert_mandate
INSERT INTO identity.mandate
    (region_id, id, partner_id, person_id, powers, limit_cents, proof, starts_on, ends_on, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT DO NOTHING;

-- name: stop_mandate
UPDATE identity.mandate SET revoked_at = $4
WHERE region_id = $1 AND person_id = $2 AND id = $3 AND revoked_at IS NULL;
