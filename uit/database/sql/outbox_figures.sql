-- name: read_waiting
-- By the index of what is due, so that what was delivered is not read, and bounded, so that a backlog is not either.
SELECT w.topic, count(*) AS messages, extract(epoch FROM now() - min(w.created_at))::double precision AS oldest_seconds
FROM (
    SELECT topic, created_at FROM uit.outbox
    WHERE delivered_at IS NULL AND failed_at IS NULL
    ORDER BY region_id, due_at, id LIMIT $1
) AS w
GROUP BY w.topic;
