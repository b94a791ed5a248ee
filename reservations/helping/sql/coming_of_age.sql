-- name: find_ending
-- Parents of who turns 18 in these days and was not told yet, each with one region where their child has a pass.
SELECT min(m.region_id) AS region_id, r.id
FROM identity.representation AS r
JOIN identity.person AS p ON p.id = r.person_id
JOIN passes.membership AS m ON m.person_id = p.id AND m.status = 'active'
WHERE r.kind = 'parental' AND r.revoked_at IS NULL AND r.warned_at IS NULL
    AND (r.ends_on IS NULL OR r.ends_on >= $1)
    AND p.born_on > ($1::date - interval '18 years')::date AND p.born_on <= ($2::date - interval '18 years')::date
GROUP BY r.id
ORDER BY r.id
LIMIT $3;

-- name: read_ending
SELECT child.id AS child_id, child.given_name AS child, parent.id AS parent_id, parent.given_name AS parent, child.born_on, r.revoked_at IS NOT NULL AS is_revoked
FROM identity.representation AS r
JOIN identity.person AS child ON child.id = r.person_id
JOIN identity.person AS parent ON parent.id = r.representative_id
WHERE r.id = $1 AND child.born_on IS NOT NULL;
