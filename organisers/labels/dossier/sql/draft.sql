-- name: read_newest
SELECT DISTINCT ON (field) field, version, text
FROM labels.draft_answer
WHERE dossier_id = $1
ORDER BY field, version DESC;

-- name: read_versions
SELECT field, version, text
FROM labels.draft_answer
WHERE dossier_id = $1 AND field = ANY($2::text[])
ORDER BY field, version;

-- name: write_drafts
INSERT INTO labels.draft_answer (dossier_id, field, version, text, by_staff, at)
SELECT $1, r.field, r.version, r.text, $3, $4
FROM json_to_recordset($2) AS r (field text, version integer, text text);

-- name: remove_drafts
DELETE FROM labels.draft_answer WHERE dossier_id = $1;
