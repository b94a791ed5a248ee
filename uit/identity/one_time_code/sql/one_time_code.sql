-- name: find_by_phone
-- A handful at most: who shares the number with more is nobody we can tell from the others.
SELECT id, born_on FROM identity.person
WHERE phone = $1 AND ended_at IS NULL AND died_on IS NULL AND merged_into IS NULL
ORDER BY id
LIMIT 20;

-- name: end_paper_codes
UPDATE identity.link SET used_at = $2
WHERE person_id = $1 AND purpose IN ('slip', 'letter') AND used_at IS NULL;

-- name: use_code
UPDATE identity.link AS l
SET used_at = $2
FROM identity.person AS p
WHERE l.digest = $1 AND l.purpose IN ('sms', 'slip', 'letter') AND l.used_at IS NULL AND l.expires_at > $2
    AND p.id = l.person_id AND p.ended_at IS NULL AND p.died_on IS NULL AND p.merged_into IS NULL
RETURNING l.person_id, l.staff_id, l.next AS wanted;
