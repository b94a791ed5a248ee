-- name: insert_merge
INSERT INTO passes.merge (
    region_id, id, led_by, kept_id, gone_id, kept_person_id, gone_person_id, merged_at, undo_until, before
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::jsonb);

-- name: is_logged
SELECT EXISTS (SELECT 1 FROM passes.merge WHERE region_id = $1 AND id = $2);

-- name: lock_merge
SELECT region_id, id, led_by, kept_id, gone_id, kept_person_id, gone_person_id, merged_at, undo_until, undone_at, before::text
FROM passes.merge
WHERE region_id = $1 AND id = $2
FOR NO KEY UPDATE;

-- name: read_regions
-- Through the directory of regions, of which there are few: the key of the table starts with one.
SELECT coalesce(array_agg(r.id ORDER BY r.id), '{}')
FROM uit.region AS r
JOIN passes.merge AS g ON g.region_id = r.id AND g.id = $1;

-- name: mark_undone
UPDATE passes.merge SET undone_at = $3 WHERE region_id = $1 AND id = $2 AND undone_at IS NULL;

-- name: insert_moved
INSERT INTO passes.merge_moved (region_id, merge_id, what, id, detail)
SELECT $1, $2, r.what, r.id, r.detail FROM json_to_recordset($3::json) AS r (what text, id uuid, detail text);

-- name: read_moved
SELECT what, id, detail FROM passes.merge_moved WHERE region_id = $1 AND merge_id = $2 ORDER BY what, id, detail;

-- name: read_merges_of
-- `name` is of the other of the two.
SELECT g.id, g.kept_id, g.gone_id, p.given_name || ' ' || p.family_name AS name, g.merged_at, g.undo_until,
    g.led_by = $1 AS is_led_here
FROM passes.merge AS g
JOIN identity.person AS p ON p.id = CASE WHEN g.kept_id = $2 THEN g.gone_person_id ELSE g.kept_person_id END
WHERE g.region_id = $1 AND $2 IN (g.kept_id, g.gone_id) AND g.undone_at IS NULL AND g.undo_until > $3
ORDER BY g.merged_at DESC, g.id DESC;

-- name: was_merged_since
-- Whether the one that stayed went into another since: that is undone first.
SELECT EXISTS (
    SELECT 1 FROM passes.merge WHERE region_id = $1 AND gone_id = $2 AND merged_at >= $3 AND undone_at IS NULL
);
