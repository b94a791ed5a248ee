-- name: write_entry
WITH entry AS (
    INSERT INTO labels.history (dossier_id, no, at, by_staff, role, act, reason, facts, state, previous, digest)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::text::labels.state, $10, $11)
    RETURNING dossier_id, no, at, state, digest
)
UPDATE labels.dossier AS d
SET state = e.state, history_no = e.no, history_digest = e.digest,
    submitted_at = CASE WHEN e.state <> 'draft' THEN coalesce(d.submitted_at, e.at) END,
    closed_at = CASE WHEN e.state = 'decided' THEN coalesce(d.closed_at, e.at) END
FROM entry AS e
WHERE d.id = e.dossier_id;

-- name: read_head
SELECT id AS dossier_id, history_no AS no, history_digest AS digest FROM labels.dossier WHERE id = $1;

-- name: read_entries
SELECT no, at, by_staff, role, act, reason, facts, state::text, previous, digest
FROM labels.history
WHERE dossier_id = $1
ORDER BY no;

-- name: read_history
-- A municipality saves often; in a row of such entries only the last is told. Facts that somebody changed may be no JSON.
SELECT h.at, s.name, h.role, h.act, h.reason,
    CASE WHEN h.facts IS JSON OBJECT THEN h.facts::jsonb ->> 'kind' END AS kind,
    CASE WHEN h.facts IS JSON OBJECT THEN h.facts::jsonb ->> 'ruling' END AS ruling
FROM (
    SELECT *, lead(act) OVER (ORDER BY no) AS next_act, lead(by_staff) OVER (ORDER BY no) AS next_by
    FROM labels.history
    WHERE dossier_id = $1
) AS h
JOIN identity.staff AS s ON s.id = h.by_staff
WHERE NOT (h.act IN ('claim', 'find') AND (h.act, h.by_staff) IS NOT DISTINCT FROM (h.next_act, h.next_by))
ORDER BY h.no DESC;
