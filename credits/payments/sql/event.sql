-- name: store_event
-- A message that came before changes nothing.
INSERT INTO credits.provider_event (id, type, account, object_id, received_at, due_at) VALUES ($1, $2, $3, $4, $5, $5)
ON CONFLICT (id) DO NOTHING;

-- name: claim_events
UPDATE credits.provider_event AS e SET due_at = $2, attempts = attempts + 1
WHERE e.id = ANY (ARRAY(
    SELECT id FROM credits.provider_event WHERE due_at <= $1
    ORDER BY due_at LIMIT $3 FOR UPDATE SKIP LOCKED
))
RETURNING e.id, e.type, e.account, e.object_id, e.attempts::integer;

-- name: finish_event
UPDATE credits.provider_event SET due_at = NULL, handled_at = $2, outcome = $3 WHERE id = $1;

-- name: put_event_off
UPDATE credits.provider_event SET due_at = $2, outcome = $3 WHERE id = $1;

-- name: replay_events
-- Handle again what came since a moment: what was done already is done no second time.
WITH again AS (
    UPDATE credits.provider_event SET due_at = $2, handled_at = NULL, attempts = 0 WHERE received_at >= $1 RETURNING 1
)
SELECT count(*)::integer FROM again;
