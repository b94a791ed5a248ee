-- name: write_findings
INSERT INTO labels.finding (dossier_id, code, figure, ground, by_staff, at)
SELECT $1, r.code, r.figure, r.ground, $3, $4
FROM json_to_recordset($2) AS r (code text, figure bigint, ground text)
ON CONFLICT (dossier_id, code)
DO UPDATE SET figure = excluded.figure, ground = excluded.ground, by_staff = excluded.by_staff, at = excluded.at;

-- name: read_findings
SELECT code, figure, ground FROM labels.finding WHERE dossier_id = $1 ORDER BY code;
