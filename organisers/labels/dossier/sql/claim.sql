-- name: write_claims
INSERT INTO labels.claim (dossier_id, code, figure, proof, by_staff, at)
SELECT $1, r.code, r.figure, r.proof, $3, $4
FROM json_to_recordset($2) AS r (code text, figure bigint, proof text)
ON CONFLICT (dossier_id, code)
DO UPDATE SET figure = excluded.figure, proof = excluded.proof, by_staff = excluded.by_staff, at = excluded.at;

-- name: read_claims
SELECT code, figure, proof FROM labels.claim WHERE dossier_id = $1 ORDER BY code;
