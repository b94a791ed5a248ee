-- name: find_lines
-- The activities for which somebody waits who may get what a batch sets free, those of offers that it may end or accept, those
-- in whose line somebody stands or stood under an id that is asked anew ($5), and those that wait for what is kept in one of
-- these. With all that they and the batch ($2, $3) draw on, and which of its bookings ($3) only keep something for one of them.
WITH RECURSIVE drawn AS (
    SELECT unnest(s.pool_ids) AS pool_id FROM reservations.session AS s WHERE s.region_id = $1 AND s.id = ANY ($2)
    UNION
    SELECT unnest(l.pool_ids) FROM reservations.line AS l WHERE l.region_id = $1 AND l.booking_id = ANY ($3)
), line AS (
    SELECT found.event_id FROM (
        SELECT e.event_id FROM reservations.waiting_entry AS e
        WHERE e.region_id = $1 AND e.state = 'waiting' AND e.pool_ids && (SELECT array_agg(d.pool_id) FROM drawn AS d)
        UNION ALL
        SELECT e.event_id FROM reservations.waiting_entry AS e
        WHERE e.region_id = $1 AND e.booking_id = ANY ($3) AND e.state = 'offered'
        UNION ALL
        SELECT e.event_id FROM reservations.waiting_entry AS e
        WHERE e.region_id = $1 AND e.event_id = ANY ($4) AND e.state IN ('waiting', 'offered')
        UNION ALL
        SELECT e.event_id FROM reservations.waiting_entry AS e
        WHERE e.region_id = $1 AND e.id = ANY ($5)
    ) AS found
    UNION
    SELECT beside.event_id
    FROM line AS l
    JOIN reservations.waiting_entry AS k ON k.region_id = $1 AND k.event_id = l.event_id AND k.state = 'waiting'
        AND k.kept_booking_id IS NOT NULL
    JOIN reservations.waiting_entry AS beside ON beside.region_id = $1 AND beside.state = 'waiting'
        AND beside.pool_ids && k.pool_ids
), waiting AS (
    SELECT e.pool_ids, e.session_ids, e.kept_booking_id
    FROM line AS l
    JOIN reservations.waiting_entry AS e ON e.region_id = $1 AND e.event_id = l.event_id AND e.state IN ('waiting', 'offered')
), pool AS (
    SELECT d.pool_id FROM drawn AS d
    UNION
    SELECT unnest(w.pool_ids) FROM waiting AS w
    UNION
    SELECT unnest(s.pool_ids) FROM reservations.session AS s
    WHERE s.region_id = $1 AND s.id IN (SELECT unnest(w.session_ids) FROM waiting AS w)
)
SELECT (SELECT coalesce(array_agg(l.event_id), '{}') FROM line AS l) AS event_ids,
    (SELECT coalesce(array_agg(p.pool_id), '{}') FROM pool AS p) AS pool_ids,
    (SELECT coalesce(array_agg(w.kept_booking_id), '{}') FROM waiting AS w WHERE w.kept_booking_id = ANY ($3)) AS kept_booking_ids;

-- name: lock_bookings
-- Before all pools, as a batch without lines does.
SELECT FROM reservations.booking AS b
WHERE b.region_id = $1 AND b.id = ANY ($2)
ORDER BY b.id
FOR NO KEY UPDATE OF b;

-- name: lock_pools
-- All that the batch and its lines draw on, in the one order in which everybody locks pools.
SELECT FROM reservations.pool AS p
WHERE p.region_id = $1 AND p.id = ANY ($2)
ORDER BY p.id
FOR NO KEY UPDATE OF p;

-- name: lock_lines
SELECT FROM reservations.waiting_entry AS e
WHERE e.region_id = $1 AND e.event_id = ANY ($2) AND e.state IN ('waiting', 'offered')
ORDER BY e.id
FOR NO KEY UPDATE OF e;

-- name: read_lines
-- In order, as a JSON document in the shape of `entry.WaitingEntry`; of who stands there no more those of $3. Who has neither mail nor telephone, or wants
-- paper and has an address, is reached by letter; who comes to a counter for it has as long.
SELECT coalesce(json_agg(x), '[]') FROM (
    SELECT w.id, w.event_id, w.session_ids, w.pool_ids, w.lines, w.membership_id, w.name, w.email, w.channel, w.joined_at,
        w.ends_at, w.state, w.booking_id, w.answer_by, w.kept_booking_id, w.made_by, e.waiting_rule = 'keep' AS keeps,
        CASE WHEN w.email IS NULL AND (
            p.email IS NULL AND p.phone IS NULL OR p.reached_by = 'counter'
            OR p.reached_by = 'letter' AND p.address_kind IN ('home', 'reference')
        ) THEN 'by_letter' ELSE 'at_once' END AS reached,
        w.person_id, CASE WHEN m.person_id = w.person_id THEN m.id END AS own_id, w.client_id, w.digest,
        w.course_id
    FROM reservations.waiting_entry AS w
    JOIN organisers.event AS e ON e.region_id = $1 AND e.id = w.event_id
    LEFT JOIN passes.membership AS m ON m.region_id = $1 AND m.id = w.membership_id
    LEFT JOIN identity.person AS p ON p.id = coalesce(w.person_id, m.person_id)
    WHERE w.region_id = $1 AND w.event_id = ANY ($2) AND (w.state IN ('waiting', 'offered') OR w.id = ANY ($3))
    ORDER BY w.joined_at, w.id
) AS x;

-- name: read_facts_of_lines
SELECT reservations.facts($1, $2, $3, '{}', $4, '{}', true);
