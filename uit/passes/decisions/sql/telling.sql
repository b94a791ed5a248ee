-- name: read_recipient
SELECT p.id AS person_id, p.given_name, d.answered_at IS NOT NULL AS is_answered
FROM passes.decision AS d
JOIN passes.membership AS m ON m.region_id = $1 AND m.id = d.membership_id
JOIN identity.person AS p ON p.id = m.person_id
WHERE d.region_id = $1 AND d.id = $2;
