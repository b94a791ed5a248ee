-- name: read_permission
-- What holds now at a counter for this member of staff. What was given face to face goes before a telephone call.
SELECT id, membership_id, kind, ends_at
FROM passes.permission
WHERE region_id = $1 AND membership_id = $2 AND staff_id = $3 AND organiser_id IS NULL AND ends_at > $4
ORDER BY kind IN ('callback', 'word'), ends_at DESC, id
LIMIT 1;

-- name: read_box_office_permission
SELECT id, membership_id, kind, ends_at
FROM passes.permission
WHERE region_id = $1 AND id = $2 AND staff_id = $3 AND organiser_id = $4 AND ends_at > $5;

-- name: insert_permission
INSERT INTO passes.permission
    (region_id, id, membership_id, staff_id, organiser_id, kind, document_kind, given_at, ends_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT DO NOTHING;
