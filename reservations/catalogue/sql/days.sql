-- name: walk_days
-- Goes through a region in order of time from where the last page ended, `$7` rows at most. Events and words are looked up
-- for one row at a time: LIMIT keeps the plan from reading them all first.
SELECT l.starts_at AS at, l.event_id, l.starts_at
FROM (
    SELECT d.starts_at, d.event_id FROM reservations.listing AS d
    WHERE d.region_id = $1 AND (d.starts_at, d.event_id) > ($2, $3) AND d.starts_at < $4 AND d.ends_at > $5
    ORDER BY d.starts_at, d.event_id
    LIMIT $7
) AS l
CROSS JOIN LATERAL (
    SELECT 1 FROM organisers.event AS e
    WHERE e.region_id = $1 AND e.id = l.event_id AND organisers.is_shown(e.published, e.visible_from, e.visible_to, $5)
    LIMIT 1
) AS shown
CROSS JOIN LATERAL (
    SELECT 1 FROM reservations.search_text AS t
    WHERE t.region_id = $1 AND t.event_id = l.event_id AND ($8::tsquery IS NULL OR t.words @@ $8)
    LIMIT 1
) AS matching
ORDER BY l.starts_at, l.event_id
LIMIT $6;

-- name: walk_domain
-- The same, of one domain.
SELECT l.starts_at AS at, l.event_id, l.starts_at
FROM (
    SELECT d.starts_at, d.event_id FROM reservations.listing AS d
    WHERE d.region_id = $1 AND (d.starts_at, d.event_id) > ($2, $3) AND d.starts_at < $4 AND d.ends_at > $5
        AND d.domain = $9::text::organisers.domain
    ORDER BY d.starts_at, d.event_id
    LIMIT $7
) AS l
CROSS JOIN LATERAL (
    SELECT 1 FROM organisers.event AS e
    WHERE e.region_id = $1 AND e.id = l.event_id AND organisers.is_shown(e.published, e.visible_from, e.visible_to, $5)
    LIMIT 1
) AS shown
CROSS JOIN LATERAL (
    SELECT 1 FROM reservations.search_text AS t
    WHERE t.region_id = $1 AND t.event_id = l.event_id AND ($8::tsquery IS NULL OR t.words @@ $8)
    LIMIT 1
) AS matching
ORDER BY l.starts_at, l.event_id
LIMIT $6;

-- name: days_of_events
SELECT found.starts_at AS at, asked.event_id, found.starts_at
FROM unnest($2::uuid[]) AS asked (event_id)
CROSS JOIN LATERAL (
    SELECT 1 FROM organisers.event AS e
    WHERE e.region_id = $1 AND e.id = asked.event_id AND organisers.is_shown(e.published, e.visible_from, e.visible_to, $7)
    LIMIT 1
) AS shown
CROSS JOIN LATERAL (
    SELECT l.starts_at FROM reservations.listing AS l
    WHERE l.region_id = $1 AND l.event_id = asked.event_id AND l.day >= $4
        AND ($3::text = '' OR l.domain = nullif($3, '')::organisers.domain)
        AND (l.starts_at, l.event_id) > ($5, $6) AND l.starts_at < $8 AND l.ends_at > $7
    ORDER BY l.day
    LIMIT $9
) AS found
ORDER BY found.starts_at, asked.event_id
LIMIT $9;

-- name: find_running
-- What started before a day and is still there on it, what ends first first; an event of which several days run stands
-- where the last of them ends. All that runs is found first, then sorted, and then events and words are looked up: OFFSET
-- keeps it so.
SELECT l.ends_at AS at, l.event_id, l.starts_at
FROM (
    SELECT r.event_id, r.starts_at, r.ends_at
    FROM (
        SELECT DISTINCT ON (a.event_id) a.event_id, a.starts_at, a.ends_at
        FROM (
            SELECT d.event_id, d.starts_at, d.ends_at FROM reservations.listing AS d
            WHERE d.region_id = $1 AND d.last_day > d.day AND ($2::text = '' OR d.domain = nullif($2, '')::organisers.domain)
                AND tstzrange(d.starts_at, d.ends_at, '()') @> $5::timestamptz
                AND ($9::uuid[] IS NULL OR d.event_id = ANY ($9))
            OFFSET 0
        ) AS a
        ORDER BY a.event_id, a.ends_at DESC
    ) AS r
    WHERE (r.ends_at, r.event_id) > ($3, $4)
    ORDER BY r.ends_at, r.event_id
    OFFSET 0
) AS l
CROSS JOIN LATERAL (
    SELECT 1 FROM organisers.event AS e
    WHERE e.region_id = $1 AND e.id = l.event_id AND organisers.is_shown(e.published, e.visible_from, e.visible_to, $6)
    LIMIT 1
) AS shown
CROSS JOIN LATERAL (
    SELECT 1 FROM reservations.search_text AS t
    WHERE t.region_id = $1 AND t.event_id = l.event_id AND ($8::tsquery IS NULL OR t.words @@ $8)
    LIMIT 1
) AS matching
ORDER BY l.ends_at, l.event_id
LIMIT $7;

-- name: choose_sessions
-- Of each event and day, of the sessions that are not over before `$6`, how many there are and the one that a card shows: the
-- first that can be booked now, `$5`, and has places for a tariff that who looks may have, else the first.
SELECT chosen.session_id, chosen.times
FROM unnest($2::uuid[], $3::timestamptz[], $4::timestamptz[]) WITH ORDINALITY AS asked (event_id, from_at, to_at, place)
CROSS JOIN LATERAL (
    SELECT (array_agg(s.id ORDER BY room.is_left DESC, s.starts_at, s.id))[1] AS session_id, count(*)::integer AS times
    FROM reservations.session AS s
    CROSS JOIN LATERAL (
        SELECT reservations.is_on_sale(s.status, s.sale_opens_at, s.sale_closes_at, $5) AND EXISTS (
            SELECT 1 FROM reservations.tariff AS t
            WHERE t.region_id = $1 AND t.session_id = s.id AND t.active
                AND reservations.may_have(
                    t.eligibility, t.age_from, t.age_to, t.born_from, t.born_to,
                    (s.starts_at AT TIME ZONE 'Europe/Brussels')::date, $7, $8, $9
                )
                AND coalesce(
                    reservations.tickets_left($1, s.id, t.pool_ids, t.weight, t.least, 'page', NULL), 1
                ) > 0
        ) AS is_left
    ) AS room
    WHERE s.region_id = $1 AND s.event_id = asked.event_id
        AND s.starts_at >= asked.from_at AND s.starts_at < asked.to_at
        AND s.ends_at > $5 AND (s.ends_at > $6 OR s.starts_at >= $6)
) AS chosen
WHERE chosen.session_id IS NOT NULL
ORDER BY asked.place;
