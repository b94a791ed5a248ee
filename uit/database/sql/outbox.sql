-- name: claim
-- The first waiting row of each key, lent out until a moment: a worker that dies gives it back by itself.
UPDATE uit.outbox AS o SET due_at = $2, attempts = o.attempts + 1
FROM (
    SELECT region_id, id FROM uit.outbox AS w
    WHERE w.delivered_at IS NULL AND w.due_at <= $1 AND NOT EXISTS (
        SELECT FROM uit.outbox AS earlier
        WHERE earlier.region_id = w.region_id AND earlier.key = w.key AND earlier.id < w.id
            AND earlier.delivered_at IS NULL
    )
    ORDER BY w.region_id, w.id LIMIT $3
    FOR NO KEY UPDATE SKIP LOCKED
) AS due
WHERE o.region_id = due.region_id AND o.id = due.id
RETURNING o.region_id, o.id, o.topic, o.key, o.payload::text, o.attempts;

-- name: mark_delivered
UPDATE uit.outbox AS o SET delivered_at = $3, failure = NULL
FROM unnest($1::integer[], $2::uuid[]) AS done (region_id, id)
WHERE o.region_id = done.region_id AND o.id = done.id;

-- name: mark_failed
UPDATE uit.outbox SET due_at = $3, failure = $4 WHERE region_id = $1 AND id = $2;
