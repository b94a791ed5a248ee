-- name: read_under_way
SELECT d.id, m.name, d.kinds::text[], d.state::text, d.submitted_at,
    ARRAY(SELECT h.state::text FROM labels.history AS h WHERE h.dossier_id = d.id ORDER BY h.no),
    ARRAY(SELECT h.at FROM labels.history AS h WHERE h.dossier_id = d.id ORDER BY h.no), p.document
FROM labels.dossier AS d
JOIN uit.municipality AS m ON m.refnis = d.refnis
JOIN labels.procedure AS p ON (p.programme, p.version) = (d.programme, d.procedure_version)
WHERE d.state IN ('submitted', 'question', 'assessed')
ORDER BY d.submitted_at;

-- name: read_closed
SELECT d.id, m.name, d.kinds::text[],
    ARRAY(
        SELECT a.kind::text FROM labels.award AS a
        WHERE a.dossier_id = d.id AND a.withdrawn_on IS NULL
        ORDER BY a.kind
    ), d.closed_at
FROM labels.dossier AS d
JOIN uit.municipality AS m ON m.refnis = d.refnis
WHERE d.state = 'decided'
ORDER BY d.closed_at DESC
LIMIT $1;
