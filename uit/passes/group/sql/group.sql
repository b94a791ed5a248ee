-- name: read_groups
SELECT g.tickets_a_year, g.social_until, g.partner_id, g.name, g.region_id, g.id, p.name AS partner, g.number,
    g.token_version::integer, g.ended_at
FROM passes.group_pass AS g
JOIN identity.partner AS p ON p.region_id = $1 AND p.id = g.partner_id
WHERE g.region_id = $1
ORDER BY g.ended_at IS NOT NULL, lower(p.name), lower(g.name), g.id;

-- name: read_groups_of
SELECT g.tickets_a_year, g.social_until, g.partner_id, g.name, g.region_id, g.id, p.name AS partner, g.number,
    g.token_version::integer, g.ended_at
FROM passes.group_pass AS g
JOIN identity.partner AS p ON p.region_id = $1 AND p.id = g.partner_id
WHERE g.region_id = $1 AND g.partner_id = $2
ORDER BY g.ended_at IS NOT NULL, lower(g.name), g.id;

-- name: read_group
SELECT g.tickets_a_year, g.social_until, g.partner_id, g.name, g.region_id, g.id, p.name AS partner, g.number,
    g.token_version::integer, g.ended_at
FROM passes.group_pass AS g
JOIN identity.partner AS p ON p.region_id = $1 AND p.id = g.partner_id
WHERE g.region_id = $1 AND g.id = $2;

-- name: insert_group
INSERT INTO passes.group_pass (region_id, id, partner_id, name, tickets_a_year, social_until, number, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT DO NOTHING;

-- name: write_terms
UPDATE passes.group_pass SET tickets_a_year = $3, social_until = $4 WHERE region_id = $1 AND id = $2 AND ended_at IS NULL;

-- name: stop_group
UPDATE passes.group_pass SET ended_at = $3 WHERE region_id = $1 AND id = $2 AND ended_at IS NULL;
