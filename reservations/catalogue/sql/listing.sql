-- name: sessions_of_organisers
-- Of each organiser apart, so that one with few sessions is not looked for among those of a region. What takes at most a day
-- and is not over began in the last day; what takes longer has an index by its end. Cards of turns take place at no moment.
SELECT found.starts_at, found.id
FROM unnest($2::uuid[]) AS asked (organiser_id)
CROSS JOIN LATERAL (
    SELECT s.starts_at, s.id FROM reservations.session AS s
    CROSS JOIN LATERAL (
        SELECT 1 FROM organisers.event AS e
        WHERE e.region_id = $1 AND e.id = s.event_id AND organisers.is_shown(e.published, e.visible_from, e.visible_to, $6)
        LIMIT 1
    ) AS shown
    CROSS JOIN LATERAL (
        SELECT 1 FROM reservations.search_text AS t
        WHERE t.region_id = $1 AND t.event_id = s.event_id AND ($8::tsquery IS NULL OR t.words @@ $8)
        LIMIT 1
    ) AS matching
    WHERE s.region_id = $1 AND s.organiser_id = asked.organiser_id
        AND s.starts_at >= $3::timestamptz - interval '24 hours' AND s.starts_at < $4
        AND (s.ends_at > $3 OR s.starts_at >= $3) AND (s.starts_at, s.id) > ($5, $9)
        AND NOT EXISTS (SELECT 1 FROM reservations.turn_card AS c WHERE c.region_id = $1 AND c.session_id = s.id)
    ORDER BY s.starts_at, s.id
    LIMIT $7
) AS found
UNION ALL
SELECT found.starts_at, found.id
FROM unnest($2::uuid[]) AS asked (organiser_id)
CROSS JOIN LATERAL (
    SELECT s.starts_at, s.id FROM (
        SELECT own.starts_at, own.id, own.event_id FROM reservations.session AS own
        WHERE own.region_id = $1 AND own.organiser_id = asked.organiser_id
            AND own.ends_at - own.starts_at > interval '24 hours' AND own.ends_at > $3
            AND NOT EXISTS (SELECT 1 FROM reservations.turn_card AS c WHERE c.region_id = $1 AND c.session_id = own.id)
        OFFSET 0
    ) AS s
    CROSS JOIN LATERAL (
        SELECT 1 FROM organisers.event AS e
        WHERE e.region_id = $1 AND e.id = s.event_id AND organisers.is_shown(e.published, e.visible_from, e.visible_to, $6)
        LIMIT 1
    ) AS shown
    CROSS JOIN LATERAL (
        SELECT 1 FROM reservations.search_text AS t
        WHERE t.region_id = $1 AND t.event_id = s.event_id AND ($8::tsquery IS NULL OR t.words @@ $8)
        LIMIT 1
    ) AS matching
    WHERE s.starts_at < $3::timestamptz - interval '24 hours' AND s.starts_at < $4 AND (s.starts_at, s.id) > ($5, $9)
    ORDER BY s.starts_at, s.id
    LIMIT $7
) AS found
ORDER BY 1, 2
LIMIT $7;

-- name: sessions_of_events
-- The same of a few events; what takes more than a day is of all organisers asked, and then of these events.
SELECT found.starts_at, found.id
FROM unnest($8::uuid[]) AS asked (event_id)
CROSS JOIN LATERAL (
    SELECT 1 FROM organisers.event AS e
    WHERE e.region_id = $1 AND e.id = asked.event_id AND e.organiser_id = ANY ($2::uuid[])
        AND organisers.is_shown(e.published, e.visible_from, e.visible_to, $6)
    LIMIT 1
) AS shown
CROSS JOIN LATERAL (
    SELECT s.starts_at, s.id FROM reservations.session AS s
    WHERE s.region_id = $1 AND s.event_id = asked.event_id AND s.organiser_id = ANY ($2::uuid[])
        AND s.starts_at >= $3::timestamptz - interval '24 hours' AND s.starts_at < $4
        AND (s.ends_at > $3 OR s.starts_at >= $3) AND (s.starts_at, s.id) > ($5, $9)
        AND NOT EXISTS (SELECT 1 FROM reservations.turn_card AS c WHERE c.region_id = $1 AND c.session_id = s.id)
    ORDER BY s.starts_at, s.id
    LIMIT $7
) AS found
UNION ALL
SELECT found.starts_at, found.id
FROM unnest($2::uuid[]) AS asked (organiser_id)
CROSS JOIN LATERAL (
    SELECT s.starts_at, s.id FROM (
        SELECT own.starts_at, own.id, own.event_id FROM reservations.session AS own
        WHERE own.region_id = $1 AND own.organiser_id = asked.organiser_id
            AND own.ends_at - own.starts_at > interval '24 hours' AND own.ends_at > $3
            AND NOT EXISTS (SELECT 1 FROM reservations.turn_card AS c WHERE c.region_id = $1 AND c.session_id = own.id)
        OFFSET 0
    ) AS s
    CROSS JOIN LATERAL (
        SELECT 1 FROM organisers.event AS e
        WHERE e.region_id = $1 AND e.id = s.event_id AND organisers.is_shown(e.published, e.visible_from, e.visible_to, $6)
        LIMIT 1
    ) AS shown
    WHERE s.event_id = ANY ($8::uuid[]) AND s.starts_at < $3::timestamptz - interval '24 hours' AND s.starts_at < $4
        AND (s.starts_at, s.id) > ($5, $9)
    ORDER BY s.starts_at, s.id
    LIMIT $7
) AS found
ORDER BY 1, 2
LIMIT $7;

-- name: read_documents
-- A session can sell what its roomiest tariff can. What is left is reckoned once for all tariffs that draw on the same, and whether
-- the region has a measure is looked up once.
SELECT json_build_object(
    'session_id', s.id,
    'event', json_build_object(
        'id', e.id, 'name', e.name, 'names', jsonb_build_object('nl', e.name) || e.name_translations
    ),
    'organiser_id', s.organiser_id,
    'venue', CASE WHEN v.id IS NOT NULL THEN json_build_object(
        'name', v.name, 'street', v.street, 'postal_code', v.postal_code, 'locality', v.locality
    ) END,
    'starts_at', s.starts_at, 'ends_at', s.ends_at, 'status', s.status,
    'places_left', CASE WHEN sale.counted IS NOT FALSE THEN coalesce(sale.places_left, 0) END,
    'capacity', CASE WHEN sale.counted IS NOT FALSE THEN coalesce(sale.capacity, 0) END,
    'only_in_course', reservations.only_in_course($1, s.id),
    'tariffs', coalesce(sale.tariffs, '[]')
) AS document
FROM reservations.session AS s
JOIN organisers.event AS e ON e.region_id = $1 AND e.id = s.event_id
LEFT JOIN organisers.venue AS v ON v.region_id = $1 AND v.id = e.venue_id
CROSS JOIN (
    SELECT count(*) > 0 AS found FROM reservations.measure AS m WHERE m.region_id = $1 AND m.ended_at IS NULL
) AS measures
CROSS JOIN LATERAL (SELECT reservations.seats_left($1, s.id) AS free OFFSET 0) AS seats
CROSS JOIN LATERAL (
    SELECT max(CASE WHEN room.places_left / t.weight < t.least THEN 0 ELSE room.places_left / t.weight END) AS places_left,
        max(room.capacity / t.weight) AS capacity, bool_and(room.capacity IS NOT NULL) AS counted,
        json_agg(json_build_object(
            'code', t.code, 'name', t.name, 'price_cents', t.price_cents, 'weight', t.weight, 'least', t.least,
            'age_from', t.age_from, 'age_to', t.age_to, 'born_from', t.born_from, 'born_to', t.born_to,
            'for_members', t.eligibility = 'member' OR coalesce(c.for_members, false),
            'for_companion', coalesce(c.for_companion, false), 'most_per_person', c.most_per_person,
            'most_per_household', c.most_per_household, 'asks_code', c.code_digest IS NOT NULL,
            'shows', coalesce(c.shows, '')
        ) ORDER BY t.rank, t.code) AS tariffs
    FROM (
        SELECT drawn.pool_ids, reservations.tickets_left($1, s.id, drawn.pool_ids, 1, 1, 'api', $3::text) AS places_left, (
            SELECT min(least(CASE
                WHEN measures.found THEN reservations.capacity_of($1, s.id, p.kind, p.capacity, p.licensed_capacity)
                ELSE p.capacity
            END, p.taken + p.held + seats.free))
            FROM reservations.pool AS p
            WHERE p.region_id = $1 AND p.id = ANY (drawn.pool_ids)
        ) AS capacity
        FROM (
            SELECT DISTINCT own.pool_ids FROM reservations.tariff AS own
            WHERE own.region_id = $1 AND own.session_id = s.id AND own.active
        ) AS drawn
        OFFSET 0
    ) AS room
    JOIN reservations.tariff AS t ON t.region_id = $1 AND t.session_id = s.id AND t.active AND t.pool_ids = room.pool_ids
    LEFT JOIN reservations.tariff_condition AS c
        ON c.region_id = $1 AND c.event_id = s.event_id AND c.code = t.code
) AS sale
WHERE s.region_id = $1 AND s.id = ANY ($2)
ORDER BY s.starts_at, s.id;
