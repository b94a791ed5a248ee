-- name: find_till_at_work
-- Of an organiser ($2), opened by a member of staff ($3), and standing at a counter of theirs ($4; null is any).
SELECT s.id, t.name AS till, t.seller_id
FROM credits.till AS t
JOIN credits.till_session AS s ON s.region_id = $1 AND s.till_id = t.id
WHERE t.region_id = $1 AND t.organiser_id = $2 AND s.opened_by = $3 AND s.counted_at IS NULL AND s.closed_at IS NULL
    AND t.counter_refnis IS NOT NULL AND ($4::text[] IS NULL OR t.counter_refnis = ANY ($4))
ORDER BY s.opened_at DESC, s.id
LIMIT 1;
