-- name: read_place
-- $3: in which language its name is read by who chose one here, which may be Dutch; else it is that of who waits.
SELECT w.id, w.event_id, coalesce(e.name_translations ->> coalesce($3, p.language), e.name) AS event, o.name AS organiser, o.id AS organiser_id, e.is_discreet, e.waiting_rule = 'keep' AND w.course_id IS NULL AS keeps,
    w.session_ids, w.lines::text AS wanted, w.membership_id, p.id AS person_id, coalesce(p.given_name, w.name, '') AS name, w.email,
    w.state, w.joined_at, w.state_at, w.booking_id, w.answer_by, w.person_id AS asked_by,
    CASE WHEN m.person_id = w.person_id THEN m.id END AS own_id, w.client_id, w.digest, w.course_id, coalesce(c.name_translations ->> coalesce($3, p.language), c.name) AS course, (
        SELECT count(*) FROM reservations.waiting_entry AS b
        WHERE b.region_id = $1 AND b.event_id = w.event_id AND b.state = 'waiting' AND (b.joined_at, b.id) < (w.joined_at, w.id)
    ) AS before,
    (
        SELECT coalesce(sum((x.line ->> 'places')::integer * coalesce(t.weight, 1)), 0)
        FROM jsonb_array_elements(w.lines) AS x (line)
        LEFT JOIN reservations.tariff AS t
            ON t.region_id = $1 AND t.session_id = w.session_ids[1] AND t.code = x.line ->> 'tariff'
    )::integer AS people
FROM reservations.waiting_entry AS w
JOIN organisers.event AS e ON e.region_id = $1 AND e.id = w.event_id
JOIN organisers.organiser AS o ON o.region_id = $1 AND o.id = e.organiser_id
LEFT JOIN reservations.course AS c ON c.region_id = $1 AND c.id = w.course_id
LEFT JOIN passes.membership AS m ON m.region_id = $1 AND m.id = w.membership_id
LEFT JOIN identity.person AS p ON p.id = coalesce(w.person_id, m.person_id)
WHERE w.region_id = $1 AND w.id = $2;

-- name: read_places_of_member
-- What somebody waits for or was offered, alone or with others, and what became of it lately; named in the language of $2.
SELECT w.id, w.event_id, coalesce(e.name_translations ->> (
        SELECT p.language FROM passes.membership AS own JOIN identity.person AS p ON p.id = own.person_id
        WHERE own.region_id = $1 AND own.id = $2
    ), e.name) AS event, o.name AS organiser, o.id AS organiser_id, e.is_discreet, e.waiting_rule = 'keep' AND w.course_id IS NULL AS keeps,
    w.session_ids, w.lines::text AS wanted, w.membership_id, coalesce(w.person_id, m.person_id) AS person_id, '' AS name, w.email,
    w.state, w.joined_at, w.state_at, w.booking_id, w.answer_by, w.person_id AS asked_by,
    CASE WHEN m.person_id = w.person_id THEN m.id END AS own_id, w.client_id, w.digest, w.course_id, coalesce(c.name_translations ->> (
        SELECT p.language FROM passes.membership AS own JOIN identity.person AS p ON p.id = own.person_id
        WHERE own.region_id = $1 AND own.id = $2
    ), c.name) AS course, (
        SELECT count(*) FROM reservations.waiting_entry AS b
        WHERE b.region_id = $1 AND b.event_id = w.event_id AND b.state = 'waiting' AND (b.joined_at, b.id) < (w.joined_at, w.id)
    ) AS before,
    (
        SELECT coalesce(sum((x.line ->> 'places')::integer * coalesce(t.weight, 1)), 0)
        FROM jsonb_array_elements(w.lines) AS x (line)
        LEFT JOIN reservations.tariff AS t
            ON t.region_id = $1 AND t.session_id = w.session_ids[1] AND t.code = x.line ->> 'tariff'
    )::integer AS people
FROM reservations.waiting_entry AS w
JOIN organisers.event AS e ON e.region_id = $1 AND e.id = w.event_id
JOIN organisers.organiser AS o ON o.region_id = $1 AND o.id = e.organiser_id
JOIN passes.membership AS m ON m.region_id = $1 AND m.id = w.membership_id
LEFT JOIN reservations.course AS c ON c.region_id = $1 AND c.id = w.course_id
WHERE w.region_id = $1 AND w.ends_at > $3
    AND (w.membership_id = $2 OR w.lines @> jsonb_build_array(jsonb_build_object('membership_id', $2::uuid)))
ORDER BY w.state NOT IN ('offered', 'waiting'), w.joined_at, w.id;

-- name: read_names
-- What the holders of passes are called, where several wait together.
SELECT m.id AS membership_id, p.id AS person_id, p.given_name AS name
FROM passes.membership AS m
JOIN identity.person AS p ON p.id = m.person_id
WHERE m.region_id = $1 AND m.id = ANY ($2);

-- name: read_dates
SELECT s.id, s.starts_at, s.ends_at, s.status = 'scheduled' AND s.sale_closes_at > $3 AS is_open
FROM reservations.session AS s
WHERE s.region_id = $1 AND s.id = ANY ($2)
ORDER BY s.starts_at, s.id;

-- name: read_dates_of_event
-- The dates of an activity that are as good as the one of $2: those that are sold and have the same prices.
SELECT s.id, s.starts_at, s.ends_at, true AS is_open
FROM reservations.session AS asked
JOIN reservations.session AS s ON s.region_id = $1 AND s.event_id = asked.event_id
WHERE asked.region_id = $1 AND asked.id = $2 AND s.status = 'scheduled' AND s.sale_closes_at > $3
    AND (s.sale_opens_at IS NULL OR s.sale_opens_at <= $3)
    AND (
        SELECT array_agg(t.code ORDER BY t.code) FROM reservations.tariff AS t
        WHERE t.region_id = $1 AND t.session_id = s.id AND t.active
    ) = (
        SELECT array_agg(t.code ORDER BY t.code) FROM reservations.tariff AS t
        WHERE t.region_id = $1 AND t.session_id = asked.id AND t.active
    )
ORDER BY s.starts_at, s.id
LIMIT 30;

-- name: read_line
SELECT (
    SELECT count(*) FROM reservations.waiting_entry AS w
    WHERE w.region_id = $1 AND w.event_id = e.id AND w.state = 'waiting'
) AS waiting, e.waiting_rule = 'keep' AS keeps
FROM organisers.event AS e
WHERE e.region_id = $1 AND e.id = $2;

-- name: find_lines_of
SELECT s.id AS session_id, s.event_id, e.waiting_rule = 'keep' AS keeps
FROM reservations.session AS s
JOIN organisers.event AS e ON e.region_id = $1 AND e.id = s.event_id
WHERE s.region_id = $1 AND s.id = ANY ($2);
