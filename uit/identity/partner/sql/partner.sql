-- name: read_partners
SELECT name, kind, enterprise_number, id FROM identity.partner WHERE region_id = $1 ORDER BY lower(name), id;

-- name: read_partner
SELECT name, kind, enterprise_number, id FROM identity.partner WHERE region_id = $1 AND id = $2;

-- name: find_partner
-- By its id first: a form that is sent again finds what it made.
SELECT name, kind, enterprise_number, id
FROM identity.partner
WHERE region_id = $1 AND (id = $2 OR lower(name) = lower($3))
ORDER BY id = $2 DESC
LIMIT 1;

-- name: insert_partner
INSERT INTO identity.partner (region_id, id, kind, name, enterprise_number, created_at)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT DO NOTHING;
