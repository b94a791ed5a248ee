-- name: rules_in_force
SELECT c.version AS criteria_version, p.version AS procedure_version
FROM labels.criteria_set AS c
JOIN labels.procedure AS p ON p.programme = c.programme
WHERE c.programme = $1 AND c.adopted_at IS NOT NULL
ORDER BY c.version DESC, p.version DESC
LIMIT 1;

-- name: insert_dossier
-- Nothing is inserted when the municipality has a dossier under way, or when this one is there already.
INSERT INTO labels.dossier
    (id, programme, criteria_version, procedure_version, refnis, kinds, started_at, history_no, history_digest)
VALUES ($1, $2, $3, $4, $5, $6::text[]::labels.kind[], $7, 0, $8)
ON CONFLICT DO NOTHING;

-- name: write_directory
SELECT uit.write_directory('dossier', 0, json_build_array(json_build_object('key', $1::uuid)));

-- name: write_kinds
UPDATE labels.dossier SET kinds = $2::text[]::labels.kind[] WHERE id = $1;

-- name: open_dossier
SELECT id FROM labels.dossier WHERE programme = $1 AND refnis = $2 AND state <> 'decided';

-- name: lock_dossier
SELECT d.id, d.programme, d.criteria_version, d.procedure_version, d.refnis, m.name, d.kinds::text[], d.state::text,
    d.submitted_at, d.closed_at, d.history_no, d.history_digest
FROM labels.dossier AS d
JOIN uit.municipality AS m ON m.refnis = d.refnis
WHERE d.id = $1
FOR NO KEY UPDATE OF d;

-- name: read_dossier
SELECT d.id, d.programme, d.criteria_version, d.procedure_version, d.refnis, m.name, d.kinds::text[], d.state::text,
    d.submitted_at, d.closed_at, d.history_no, d.history_digest
FROM labels.dossier AS d
JOIN uit.municipality AS m ON m.refnis = d.refnis
WHERE d.id = $1;

-- name: newest_dossier
SELECT d.id, d.programme, d.criteria_version, d.procedure_version, d.refnis, m.name, d.kinds::text[], d.state::text,
    d.submitted_at, d.closed_at, d.history_no, d.history_digest
FROM labels.dossier AS d
JOIN uit.municipality AS m ON m.refnis = d.refnis
WHERE d.programme = $1 AND d.refnis = $2
ORDER BY d.started_at DESC, d.id DESC
LIMIT 1;
