-- name: walk_days
-- Goes through each domain in order of time from where the last page ended. Events and words are looked up for one row at
-- a time: LIMIT keeps the plan from reading them all first.
SELECT found.starts_at AS at, found.event_id, found.starts_at
FROM unnest($2::text[]::organisers.domain[]) AS wanted (domain)
CROSS JOIN LATERAL (
    SELECT l.starts_at, l.event_id
    FROM reservations.listing AS l
    CROSS JOIN LATERAL (
        SELECT 1 FROM organisers.event AS e
        WHERE e.region_id = $1 AND e.id = l.event_id AND e.published
            AND coalesce(e.visible_from, '-infinity') <= $6 AND coalesce(e.visible_to, 'infinity') > $6
        LIMIT 1
    ) AS shown
    CROSS JOIN LATERAL (
        SELECT 1 FROM reservations.search_text AS t
        WHERE t.region_id = $1 AND t.event_id = l.event_id AND ($8::tsquery IS NULL OR t.words @@ $8)
        LIMIT 1
    ) AS matching
    WHERE l.region_id = $1 AND l.domain = wanted.domain
        AND (l.starts_at, l.event_id) > ($3, $4) AND l.starts_at < $5 AND l.ends_at > $6
    ORDER BY l.starts_at, l.event_id
    LIMIT $7
) AS found
ORDER BY found.starts_at, found.event_id
LIMIT $7;

-- name: days_of_events
SELECT found.starts_at AS at, asked.event_id, found.starts_at
FROM unnest($2::uuid[]) AS asked (event_id)
CROSS JOIN LATERAL (
    SELECT 1 FROM organisers.event AS e
    WHERE e.region_id = $1 AND e.id = asked.event_id AND e.published
        AND coalesce(e.visible_from, '-infinity') <= $7 AND coalesce(e.visible_to, 'infinity') > $7
    LIMIT 1
) AS shown
CROSS JOIN LATERAL (
    SELECT l.starts_at FROM reservations.listing AS l
    WHERE l.region_id = $1 AND l.event_id = asked.event_id AND l.day >= $4
        AND l.domain = ANY ($3::text[]::organisers.domain[])
        AND (l.starts_at, l.event_id) > ($5, $6) AND l.starts_at < $8 AND l.ends_at > $7
    ORDER BY l.day
    LIMIT $9
) AS found
ORDER BY found.starts_at, asked.event_id
LIMIT $9;

-- name: walk_running
-- What started before a day and is still there on it, what ends first first.
SELECT l.ends_at AS at, l.event_id, l.starts_at
FROM reservations.listing AS l
CROSS JOIN LATERAL (
    SELECT 1 FROM organisers.event AS e
    WHERE e.region_id = $1 AND e.id = l.event_id AND e.published
        AND coalesce(e.visible_from, '-infinity') <= $6 AND coalesce(e.visible_to, 'infinity') > $6
    LIMIT 1
) AS shown
CROSS JOIN LATERAL (
    SELECT 1 FROM reservations.search_text AS t
    WHERE t.region_id = $1 AND t.event_id = l.event_id AND ($8::tsquery IS NULL OR t.words @@ $8)
    LIMIT 1
) AS matching
WHERE l.region_id = $1 AND l.last_day > l.day AND l.domain = ANY ($2::text[]::organisers.domain[])
    AND (l.ends_at, l.event_id) > ($3, $4) AND l.starts_at < $5
ORDER BY l.ends_at, l.event_id
LIMIT $7;

-- name: running_of_events
SELECT l.ends_at AS at, l.event_id, l.starts_at
FROM unnest($2::uuid[]) AS asked (event_id)
CROSS JOIN LATERAL (
    SELECT 1 FROM organisers.event AS e
    WHERE e.region_id = $1 AND e.id = asked.event_id AND e.published
        AND coalesce(e.visible_from, '-infinity') <= $7 AND coalesce(e.visible_to, 'infinity') > $7
    LIMIT 1
) AS shown
CROSS JOIN LATERAL (
    SELECT d.event_id, d.starts_at, d.ends_at FROM reservations.listing AS d
    WHERE d.region_id = $1 AND d.event_id = asked.event_id AND d.last_day > d.day AND d.starts_at < $6
        AND d.domain = ANY ($3::text[]::organisers.domain[]) AND (d.ends_at, d.event_id) > ($4, $5)
    ORDER BY d.ends_at
    LIMIT $8
) AS l
ORDER BY l.ends_at, l.event_id
LIMIT $8;

-- name: choose_sessions
-- Of each event and day, of the sessions that are not over, how many there are and the one that a card shows: the first that
-- can be booked and has a place, else the first. A place draws on every pool of its tariff, so one that is full is enough.
SELECT chosen.session_id, chosen.times
FROM unnest($2::uuid[], $3::timestamptz[], $4::timestamptz[]) WITH ORDINALITY AS asked (event_id, from_at, to_at, place)
CROSS JOIN LATERAL (
    SELECT (array_agg(s.id ORDER BY room.is_left DESC, s.starts_at, s.id))[1] AS session_id, count(*)::integer AS times
    FROM reservations.session AS s
    CROSS JOIN LATERAL (
        SELECT s.status = 'scheduled' AND s.sale_closes_at > $5 AND coalesce(s.sale_opens_at, '-infinity') <= $5
            AND EXISTS (
                SELECT 1 FROM reservations.tariff AS t
                WHERE t.region_id = $1 AND t.session_id = s.id AND t.active AND NOT EXISTS (
                    SELECT 1 FROM reservations.pool AS p
                    WHERE p.region_id = $1 AND p.id = ANY (t.pool_ids) AND p.capacity - p.taken - p.held <= 0
                )
            ) AS is_left
    ) AS room
    WHERE s.region_id = $1 AND s.event_id = asked.event_id
        AND s.starts_at >= asked.from_at AND s.starts_at < asked.to_at AND s.ends_at > $5
) AS chosen
WHERE chosen.session_id IS NOT NULL
ORDER BY asked.place;
