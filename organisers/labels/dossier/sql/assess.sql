-- name: write_findings
INSERT INTO labels.finding (dossier_id, code, figure, exact, ground, by_staff, at)
SELECT $1, r.code, trunc(r.figure), nullif(r.figure, trunc(r.figure)), r.ground, $3, $4
FROM json_to_recordset($2) AS r (code text, figure numeric, ground text)
ON CONFLICT (dossier_id, code)
DO UPDATE SET figure = excluded.figure, exact = excluded.exact, ground = excluded.ground, by_staff = excluded.by_staff,
    at = excluded.at;

-- name: read_findings
SELECT code, CASE WHEN trunc(exact) = figure THEN exact ELSE figure END AS figure, ground
FROM labels.finding
WHERE dossier_id = $1
ORDER BY code;
