-- name: coming_sessions
SELECT s.starts_at, s.id
FROM reservations.session AS s
WHERE s.region_id = $1 AND s.event_id = $2 AND (s.starts_at, s.id) > ($3, $4) AND s.ends_at > $5
ORDER BY s.starts_at, s.id
LIMIT $6;

-- name: read_listed
-- $4: in which language its name is read, where its organiser wrote it in that.
SELECT s.id, s.event_id, coalesce(e.name_translations ->> $4, e.name) AS name, s.domain::text, e.type_label,
    s.attendance::text, s.status::text, s.status_reason, s.starts_at, s.ends_at, s.sale_opens_at, s.sale_closes_at, s.cancel_until,
    coalesce(v.name, '') AS venue, coalesce(v.locality, '') AS town,
    CASE WHEN e.name_translations ->> $4 IS NULL THEN 'nl' ELSE $4 END AS language,
    c.id IS NOT NULL AS in_course
FROM reservations.session AS s
JOIN organisers.event AS e ON e.region_id = $1 AND e.id = s.event_id
LEFT JOIN organisers.venue AS v ON v.region_id = $1 AND v.id = e.venue_id
LEFT JOIN reservations.course_date AS d ON d.region_id = $1 AND d.session_id = s.id
LEFT JOIN reservations.course AS c ON c.region_id = $1 AND c.id = d.course_id AND c.choice_least IS DISTINCT FROM 1
WHERE s.region_id = $1 AND s.id = ANY ($2)
    AND organisers.is_shown(e.published, e.visible_from, e.visible_to, $3)
ORDER BY s.starts_at, s.id;

-- name: read_tariffs
SELECT t.code, t.price_cents, t.eligibility::text, t.age_from, t.age_to, t.pool_ids, t.rank, t.vat_code,
    t.weight, t.least, t.born_from, t.born_to, t.session_id, t.name,
    reservations.tickets_left($1, t.session_id, t.pool_ids, t.weight, t.least, 'page', NULL) AS places_left,
    reservations.condition_of($1, s.event_id, t.code, t.least)::text AS condition
FROM reservations.tariff AS t
JOIN reservations.session AS s ON s.region_id = $1 AND s.id = t.session_id
WHERE t.region_id = $1 AND t.session_id = ANY ($2) AND t.active
ORDER BY t.session_id, t.rank, t.code;

-- name: read_event
SELECT e.id, coalesce(e.name_translations ->> $4, e.name) AS name,
    coalesce(e.description_translations ->> $4, e.description) AS description, e.domain::text, e.type_label, e.facilities, e.age_from, e.age_to,
    e.born_from, e.born_to, e.attendance::text, e.contact::text, o.name AS organiser, o.email, o.phone, o.url,
    coalesce(v.name, '') AS venue, coalesce(v.street, '') AS street, coalesce(v.postal_code, '') AS postal_code,
    coalesce(v.locality, '') AS town,
    CASE WHEN e.name_translations ->> $4 IS NULL THEN 'nl' ELSE $4 END AS language,
    CASE WHEN e.description_translations ->> $4 IS NULL THEN 'nl' ELSE $4 END AS text_language,
    ARRAY(SELECT jsonb_object_keys(e.name_translations)) AS languages
FROM organisers.event AS e
JOIN organisers.organiser AS o ON o.region_id = $1 AND o.id = e.organiser_id
LEFT JOIN organisers.venue AS v ON v.region_id = $1 AND v.id = e.venue_id
WHERE e.region_id = $1 AND e.id = $2 AND organisers.is_shown(e.published, e.visible_from, e.visible_to, $3);

-- name: read_towns
SELECT t.region_id, array_agg(m.name ORDER BY m.name) AS names
FROM uit.region_municipality AS t
JOIN uit.municipality AS m ON m.refnis = t.refnis
GROUP BY t.region_id;
