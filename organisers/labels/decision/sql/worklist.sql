-- name: read_under_way
SELECT d.id AS dossier_id, m.name AS municipality, d.kinds::text[], d.state::text, d.submitted_at,
    ARRAY(SELECT h.state::text FROM labels.history AS h WHERE h.dossier_id = d.id ORDER BY h.no) AS states,
    ARRAY(SELECT h.at FROM labels.history AS h WHERE h.dossier_id = d.id ORDER BY h.no) AS since,
    p.document AS procedure
FROM labels.dossier AS d
JOIN uit.municipality AS m ON m.refnis = d.refnis
JOIN labels.procedure AS p ON (p.programme, p.version) = (d.programme, d.procedure_version)
WHERE d.state IN ('submitted', 'question', 'assessed')
ORDER BY d.submitted_at;

-- name: read_closed
SELECT d.id AS dossier_id, m.name AS municipality, d.kinds::text[],
    ARRAY(
        SELECT a.kind::text FROM labels.award AS a
        WHERE a.dossier_id = d.id AND a.withdrawn_on IS NULL
        ORDER BY a.kind
    ) AS granted, d.closed_at
FROM labels.dossier AS d
JOIN uit.municipality AS m ON m.refnis = d.refnis
WHERE d.state = 'decided'
ORDER BY d.closed_at DESC
LIMIT $1;
