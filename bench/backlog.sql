-- Sessions of the past week with so many lines together that have all been earned, and that no worker has looked at.
-- Parameters: `lines`; sessions are taken until they have so many, those that were measured before never.
WITH line_count AS (
    SELECT l.session_id, count(*) AS lines
    FROM reservations.line AS l
    WHERE l.session_id <> :'hot_session'
    GROUP BY l.session_id
), chosen AS (
    SELECT session_id FROM (
        SELECT session_id, sum(lines) OVER (ORDER BY session_id) - lines AS before FROM line_count
    ) AS running
    WHERE before < :lines
)
UPDATE reservations.session AS s
SET starts_at = s.starts_at - interval '33 days', ends_at = s.ends_at - interval '33 days',
    sale_closes_at = s.sale_closes_at - interval '33 days', cancel_until = s.cancel_until - interval '33 days',
    due_at = now() - interval '2 days'
FROM chosen AS c
WHERE s.region_id = 1 AND s.id = c.session_id;
ANALYZE reservations.session;
