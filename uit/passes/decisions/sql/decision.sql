-- name: insert_decision
INSERT INTO passes.decision (
    region_id, id, membership_id, what, subject, ground, rule, from_on, reviewer, complaints, actor_kind, actor_id, made_at
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
ON CONFLICT DO NOTHING;

-- name: read_decisions
SELECT id, membership_id, what, subject, ground, rule, from_on, reviewer, complaints, made_at, asked_again_at, asked_why,
    answered_at, outcome, answer
FROM passes.decision
WHERE region_id = $1 AND membership_id = $2
ORDER BY made_at DESC, id;

-- name: read_waiting
-- `$2`: the towns that the asker may see; null is all. A protected person lies face down: opening them is the second act.
SELECT d.id, d.membership_id, CASE WHEN NOT p.is_protected THEN p.given_name || ' ' || p.family_name END AS name,
    CASE WHEN NOT p.is_protected THEN d.what END AS what, d.asked_again_at
FROM passes.decision AS d
JOIN passes.membership AS m ON m.region_id = $1 AND m.id = d.membership_id
JOIN identity.person AS p ON p.id = m.person_id
WHERE d.region_id = $1 AND d.asked_again_at IS NOT NULL AND d.answered_at IS NULL
    AND ($2::text[] IS NULL OR m.refnis = ANY ($2))
ORDER BY d.asked_again_at, d.id
LIMIT $3;

-- name: lock_decision
SELECT made_at, asked_again_at, answered_at, actor_id, answered_by, outcome, answer
FROM passes.decision
WHERE region_id = $1 AND membership_id = $2 AND id = $3
FOR NO KEY UPDATE;

-- name: write_ask
UPDATE passes.decision SET asked_again_at = $3, asked_why = $4 WHERE region_id = $1 AND id = $2;

-- name: write_answer
UPDATE passes.decision SET answered_at = $3, answered_by = $4, outcome = $5, answer = $6 WHERE region_id = $1 AND id = $2;

-- name: read_setting
SELECT reviewer, complaints FROM passes.review_setting WHERE region_id = $1;

-- name: write_setting
INSERT INTO passes.review_setting (region_id, reviewer, complaints, changed_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (region_id) DO UPDATE
SET reviewer = excluded.reviewer, complaints = excluded.complaints, changed_at = excluded.changed_at;

-- name: made_by
-- Which decisions about a member somebody made themselves, and so does not look at again.
SELECT coalesce(array_agg(id), '{}') FROM passes.decision WHERE region_id = $1 AND membership_id = $2 AND actor_id = $3;
