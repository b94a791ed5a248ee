-- name: insert_tasks
INSERT INTO reservations.task (region_id, id, kind, session_id, organiser_id, held, opened_at, escalates_at)
SELECT $1, r.id, r.kind, r.session_id, r.organiser_id, r.held, $3, $4
FROM json_to_recordset($2) AS r (
    id uuid, kind reservations.task_kind, session_id uuid, organiser_id uuid, held jsonb
)
ON CONFLICT (region_id, session_id) WHERE decision IS NULL DO NOTHING;

-- name: decide_tasks
UPDATE reservations.task SET decision = $3, decided_by = $4, decided_at = $5
WHERE region_id = $1 AND session_id = ANY ($2) AND decision IS NULL;

-- name: release_held
-- With $3, places stay kept back on a date that runs at the hour of the date of the task: its people come there.
WITH let_go AS (
    SELECT t.id AS task_id, e.key AS pool_id, e.value::integer AS places
    FROM reservations.task AS t
    JOIN reservations.session AS s ON s.region_id = $1 AND s.id = t.session_id
    CROSS JOIN LATERAL jsonb_each_text(t.held) AS e (key, value)
    WHERE t.region_id = $1 AND t.session_id = ANY ($2)
        AND NOT ($3 AND EXISTS (
            SELECT 1 FROM reservations.session AS o
            WHERE o.region_id = $1 AND o.event_id = s.event_id AND e.key::uuid = ANY (o.pool_ids)
                AND (o.starts_at, o.ends_at) OVERLAPS (s.starts_at, s.ends_at)
        ))
), tasks AS (
    UPDATE reservations.task AS t SET held = t.held - l.pool_ids
    FROM (SELECT task_id, array_agg(pool_id) AS pool_ids FROM let_go GROUP BY task_id) AS l
    WHERE t.region_id = $1 AND t.id = l.task_id
)
UPDATE reservations.pool AS p SET held = greatest(p.held - l.places, 0)
FROM (SELECT pool_id::uuid AS id, sum(places)::integer AS places FROM let_go GROUP BY pool_id) AS l
WHERE p.region_id = $1 AND p.id = l.id;

-- name: end_sale
-- A date for whose people another date still keeps places back is not sold beside it: they sit in the same room.
UPDATE reservations.session AS s SET sale_closes_at = least(s.sale_closes_at, $3)
FROM reservations.task AS t
WHERE s.region_id = $1 AND s.id = ANY ($2) AND t.region_id = $1 AND t.session_id = s.id AND t.held <> '{}';

-- name: was_decided_by
-- Whether somebody of the region decided about a date, for which no other decision is asked since.
SELECT coalesce(bool_or(t.decided_by = $3) AND bool_and(t.decision IS NOT NULL), false)
FROM reservations.task AS t
WHERE t.region_id = $1 AND t.session_id = $2;

-- name: tasks_of_organiser
SELECT t.id, t.kind::text AS kind, t.session_id, t.organiser_id, o.name AS organiser, o.phone, e.name AS event, s.starts_at,
    s.ends_at, people.number AS people, t.opened_at, t.escalates_at <= $3 AS escalated
FROM reservations.task AS t
JOIN reservations.session AS s ON s.region_id = $1 AND s.id = t.session_id
JOIN organisers.event AS e ON e.region_id = $1 AND e.id = s.event_id
JOIN organisers.organiser AS o ON o.region_id = $1 AND o.id = t.organiser_id
CROSS JOIN LATERAL (
    SELECT coalesce(sum(k.weight), 0) AS number FROM reservations.ticket AS k
    WHERE k.region_id = $1 AND k.session_id = t.session_id AND k.status IN ('held', 'confirmed', 'attended', 'no_show')
) AS people
WHERE t.region_id = $1 AND t.organiser_id = $2 AND t.decision IS NULL
ORDER BY s.starts_at, t.id
LIMIT 100;

-- name: tasks_of_region
SELECT t.id, t.kind::text AS kind, t.session_id, t.organiser_id, o.name AS organiser, o.phone, e.name AS event, s.starts_at,
    s.ends_at, people.number AS people, t.opened_at, t.escalates_at <= $2 AS escalated
FROM reservations.task AS t
JOIN reservations.session AS s ON s.region_id = $1 AND s.id = t.session_id
JOIN organisers.event AS e ON e.region_id = $1 AND e.id = s.event_id
JOIN organisers.organiser AS o ON o.region_id = $1 AND o.id = t.organiser_id
CROSS JOIN LATERAL (
    SELECT coalesce(sum(k.weight), 0) AS number FROM reservations.ticket AS k
    WHERE k.region_id = $1 AND k.session_id = t.session_id AND k.status IN ('held', 'confirmed', 'attended', 'no_show')
) AS people
WHERE t.region_id = $1 AND t.escalates_at <= $2 AND t.decision IS NULL
ORDER BY s.starts_at, t.id
LIMIT 100;
