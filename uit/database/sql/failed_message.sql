-- name: read_failed
SELECT
    o.region_id, r.slug AS region, o.id, o.topic, o.key, o.attempts, o.failed_at, coalesce(o.failure, '') AS reason,
    CASE WHEN o.blocks THEN (
        SELECT count(*) FROM uit.outbox AS later
        WHERE later.region_id = o.region_id AND later.key = o.key AND later.id > o.id
            AND later.delivered_at IS NULL AND later.failed_at IS NULL
    ) ELSE 0 END AS waiting
FROM uit.outbox AS o
JOIN uit.region AS r ON r.id = o.region_id
WHERE o.failed_at IS NOT NULL
ORDER BY o.region_id, o.failed_at, o.id;

-- name: count_failed
SELECT count(*) FROM uit.outbox WHERE failed_at IS NOT NULL;

-- name: retry
UPDATE uit.outbox SET failed_at = NULL, blocks = false, attempts = 0, due_at = $3
WHERE region_id = $1 AND id = $2 AND failed_at IS NOT NULL;

-- name: drop
DELETE FROM uit.outbox WHERE region_id = $1 AND id = $2 AND failed_at IS NOT NULL;
