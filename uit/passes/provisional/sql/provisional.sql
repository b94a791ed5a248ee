-- name: read_provisional
SELECT id, (given_at AT TIME ZONE 'Europe/Brussels')::date AS given_on, ends_on, proven_at IS NOT NULL AS is_proven
FROM passes.provisional_right
WHERE region_id = $1 AND membership_id = $2
ORDER BY given_at DESC, id;

-- name: insert_provisional
INSERT INTO passes.provisional_right (region_id, id, membership_id, partner_id, ends_on, given_at)
VALUES ($1, $2, $3, $4, $5, $6);
