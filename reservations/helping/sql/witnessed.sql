-- name: find_holder_of_number
-- Whose pass has this number, where it works.
SELECT m.person_id
FROM passes.card AS c
JOIN passes.membership AS m ON m.region_id = $1 AND m.id = c.membership_id AND m.status = 'active'
WHERE c.region_id = $1 AND c.number = $2 AND c.state = 'active';
