-- name: write_claims
INSERT INTO labels.claim (dossier_id, code, figure, exact, proof, by_staff, at)
SELECT $1, r.code, trunc(r.figure), nullif(r.figure, trunc(r.figure)), r.proof, $3, $4
FROM json_to_recordset($2) AS r (code text, figure numeric, proof text)
ON CONFLICT (dossier_id, code)
DO UPDATE SET figure = excluded.figure, exact = excluded.exact, proof = excluded.proof, by_staff = excluded.by_staff,
    at = excluded.at;

-- name: remove_claims
DELETE FROM labels.claim WHERE dossier_id = $1 AND code = ANY($2::text[]);

-- name: read_claims
SELECT code, CASE WHEN trunc(exact) = figure THEN exact ELSE figure END AS figure, proof
FROM labels.claim
WHERE dossier_id = $1
ORDER BY code;
