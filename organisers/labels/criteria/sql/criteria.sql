-- name: insert_programme
INSERT INTO labels.programme (code, name) VALUES ($1, $2)
ON CONFLICT DO NOTHING;

-- name: insert_set
INSERT INTO labels.criteria_set (programme, version, rules, is_example) VALUES ($1, $2, $3, $4)
ON CONFLICT DO NOTHING;

-- name: insert_criteria
INSERT INTO labels.criterion
    (programme, version, code, position, kind, section, question, hint, answer, unit, least, required, fact, most)
SELECT $1, $2, r.code, r.position, r.kind, r.section, r.question, r.hint, r.answer, r.unit, r.least, r.required, r.fact,
    r.most
FROM ROWS FROM (
    json_to_recordset($3) AS (
        code text, kind labels.kind, section text, question text, hint text, answer text, unit text, least bigint,
        required boolean, fact text, most bigint
    )
) WITH ORDINALITY AS r (code, kind, section, question, hint, answer, unit, least, required, fact, most, position);

-- name: adopt_set
UPDATE labels.criteria_set SET adopted_by = $3, adopted_at = $4
WHERE programme = $1 AND version = $2;

-- name: read_set
SELECT s.programme, p.name AS programme_name, s.version, s.is_example, s.adopted_by, s.rules
FROM labels.criteria_set AS s
JOIN labels.programme AS p ON p.code = s.programme
WHERE s.programme = $1 AND s.version = $2 AND s.adopted_at IS NOT NULL;

-- name: read_criteria_of_set
SELECT code, kind, section, question, hint, answer, unit, least, required, fact, most
FROM labels.criterion
WHERE programme = $1 AND version = $2
ORDER BY position;
