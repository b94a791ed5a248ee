-- name: read_asked
SELECT erase_asked_for AS day
FROM passes.membership
WHERE region_id = $1 AND id = $2 AND erase_asked_for IS NOT NULL;

-- name: write_asked_for
UPDATE passes.membership SET erase_asked_for = $3 WHERE region_id = $1 AND id = $2;

-- name: find_asked
-- The memberships of all regions whose holder asked to be erased, and whose week to take that back is over.
SELECT region_id, id FROM passes.membership
WHERE erase_asked_for <= $1
ORDER BY erase_asked_for, region_id, id
LIMIT $2;
