-- name: write_outbox
-- `$2`: the messages as JSON, written in the transaction of what they tell of.
SELECT uit.write_outbox($1, $2, $3);

-- name: regions_waiting
-- Where something is due, and since when. Of each region one row is read, however many wait there.
SELECT r.id AS region_id, waiting.due_at AS oldest_due_at
FROM uit.region AS r
CROSS JOIN LATERAL (
    SELECT o.due_at FROM uit.outbox AS o
    WHERE o.region_id = r.id AND o.due_at <= $1 AND o.delivered_at IS NULL AND o.failed_at IS NULL
    ORDER BY o.due_at LIMIT 1
) AS waiting
ORDER BY r.id;

-- name: claim
-- The first of each key that waits in a region, lent out until a moment: a worker that dies gives it back by itself.
-- What is behind one that was not delivered stays where it is, unless that one failed and does not block. A topic that this
-- worker does not know waits for one that does. The first of a key is looked up with a LIMIT, since NOT EXISTS becomes a join
-- that reads a whole backlog for a few rows, before its size is known to the planner.
WITH due AS (
    SELECT w.id FROM uit.outbox AS w
    WHERE w.region_id = $1 AND w.due_at <= $2 AND w.delivered_at IS NULL AND w.failed_at IS NULL
        AND w.topic = ANY ($5) AND w.id = (
            SELECT first.id FROM uit.outbox AS first
            WHERE first.region_id = $1 AND first.key = w.key
                AND first.delivered_at IS NULL AND (first.failed_at IS NULL OR first.blocks)
            ORDER BY first.id LIMIT 1
        )
    ORDER BY w.due_at, w.id LIMIT $6
    FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE uit.outbox AS o SET due_at = $3, lease = $4, attempts = o.attempts + 1
FROM due
WHERE o.region_id = $1 AND o.id = due.id
RETURNING o.region_id, o.id, o.topic, o.key, o.payload, o.attempts, o.lease;

-- name: mark_delivered
UPDATE uit.outbox SET delivered_at = $4, lease = NULL, failure = NULL WHERE region_id = $1 AND id = $2 AND lease = $3;

-- name: put_off
UPDATE uit.outbox SET due_at = $4, lease = NULL, failure = $5 WHERE region_id = $1 AND id = $2 AND lease = $3;

-- name: mark_failed
UPDATE uit.outbox SET failed_at = $4, lease = NULL, failure = $5, blocks = $6
WHERE region_id = $1 AND id = $2 AND lease = $3;
