-- name: find_shown
SELECT p.media_type, p.content
FROM organisers.event_picture AS p
JOIN organisers.event AS e ON e.region_id = $1 AND e.id = p.event_id
WHERE p.region_id = $1 AND p.event_id = $2 AND p.version = $3
    AND organisers.is_shown(e.published, e.visible_from, e.visible_to, $4);

-- name: find_own
SELECT p.media_type, p.content
FROM organisers.event_picture AS p
JOIN organisers.event AS e ON e.region_id = $1 AND e.id = p.event_id
WHERE p.region_id = $1 AND p.event_id = $3 AND p.version = $4 AND e.organiser_id = $2;

-- name: read_words
-- $3: in which language it is told what it shows, where its organiser wrote that.
SELECT version, width, height, coalesce(alt_translations ->> $3, alt) AS alt, credit,
    CASE WHEN alt_translations ->> $3 IS NULL THEN 'nl' ELSE $3 END AS language
FROM organisers.event_picture WHERE region_id = $1 AND event_id = $2;

-- name: write_picture
INSERT INTO organisers.event_picture
    (region_id, event_id, media_type, width, height, content, version, alt, credit, alt_translations, changed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (region_id, event_id) DO UPDATE
SET media_type = excluded.media_type, width = excluded.width, height = excluded.height, content = excluded.content,
    version = excluded.version, alt = excluded.alt, credit = excluded.credit,
    alt_translations = excluded.alt_translations, changed_at = excluded.changed_at;

-- name: write_words
UPDATE organisers.event_picture SET alt = $3, credit = $4, changed_at = $5, alt_translations = $6
WHERE region_id = $1 AND event_id = $2 AND (alt, credit, alt_translations) IS DISTINCT FROM ($3, $4, $6::jsonb);

-- name: delete_picture
DELETE FROM organisers.event_picture WHERE region_id = $1 AND event_id = $2;

-- name: copy_picture
INSERT INTO organisers.event_picture
    (region_id, event_id, media_type, width, height, content, version, alt, credit, alt_translations, changed_at)
SELECT $1, $3, media_type, width, height, content, version, alt, credit, alt_translations, $4
FROM organisers.event_picture WHERE region_id = $1 AND event_id = $2
ON CONFLICT (region_id, event_id) DO NOTHING;
