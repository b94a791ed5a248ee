-- name: insert_decision
INSERT INTO labels.decision
    (id, dossier_id, kind, ruling, computed, reasons, deviation, by_staff, at, notified_on, body, mandate, appeal)
VALUES ($1, $2, $3::text::labels.kind, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13);

-- name: read_decisions
SELECT d.id, d.kind::text, d.ruling, d.computed, d.reasons, d.deviation, s.name AS by, d.at, d.notified_on,
    d.body, d.mandate, d.appeal
FROM labels.decision AS d
JOIN identity.staff AS s ON s.id = d.by_staff
WHERE d.dossier_id = $1
ORDER BY d.at, d.kind;
