-- name: insert_activity
-- Whom one can ask is whom one can ask of its organiser: the page of an event looks there when it has no contact itself.
INSERT INTO organisers.event
    (region_id, id, organiser_id, name, name_translations, domain, calendar_type, published, made_here, changed_at)
VALUES ($1, $2, $3, $4, $5, $6, 'multiple', false, true, $7)
ON CONFLICT (region_id, id) DO NOTHING;

-- name: lock_activity
SELECT id, made_here, published FROM organisers.event
WHERE region_id = $1 AND id = $3 AND organiser_id = $2
FOR NO KEY UPDATE;

-- name: write_about
UPDATE organisers.event
SET name = $3, name_translations = $4, description = $5, description_translations = $6, domain = $7, type_label = $8,
    facilities = $9, age_from = $10, age_to = $11, changed_at = $12
WHERE region_id = $1 AND id = $2
    AND (name, name_translations, description, description_translations, domain, type_label, facilities, age_from, age_to)
        IS DISTINCT FROM ($3, $4::jsonb, $5, $6::jsonb, $7::organisers.domain, $8, $9::text[], $10::smallint, $11::smallint);

-- name: write_whereabouts
UPDATE organisers.event
SET attendance = $3, venue_id = $4, online_url = $5, changed_at = $6
WHERE region_id = $1 AND id = $2
    AND (attendance, venue_id, online_url) IS DISTINCT FROM ($3::organisers.attendance, $4::uuid, $5::text);

-- name: mark_published
UPDATE organisers.event SET published = true, changed_at = $3 WHERE region_id = $1 AND id = $2 AND NOT published;

-- name: mark_hidden
UPDATE organisers.event SET published = false, changed_at = $3 WHERE region_id = $1 AND id = $2 AND published;

-- name: find_venues
-- By a part of its name or its town, as people write them.
SELECT v.id, v.name, v.street, v.postal_code, v.locality
FROM organisers.venue AS v
WHERE v.region_id = $1 AND strpos(uit.fold(v.name || ' ' || v.locality), uit.fold($2)) > 0
ORDER BY v.name, v.id
LIMIT $3;

-- name: own_venues
SELECT v.id, v.name, v.street, v.postal_code, v.locality
FROM organisers.event AS e
JOIN organisers.venue AS v ON v.region_id = $1 AND v.id = e.venue_id
WHERE e.region_id = $1 AND e.organiser_id = $2
GROUP BY v.id, v.name, v.street, v.postal_code, v.locality
ORDER BY max(e.changed_at) DESC, v.id
LIMIT $3;

-- name: read_venue
SELECT v.id, v.name, v.street, v.postal_code, v.locality FROM organisers.venue AS v WHERE v.region_id = $1 AND v.id = $2;

-- name: insert_venue
INSERT INTO organisers.venue (region_id, id, name, street, postal_code, locality, refnis)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (region_id, id) DO NOTHING;

-- name: copy_activity
-- What is asked of who books is so from the beginning.
INSERT INTO organisers.event
    (region_id, id, organiser_id, venue_id, name, name_translations, description, description_translations, domain, type_label,
     theme_label, facilities, age_from, age_to, attendance, online_url, contact, calendar_type, published, made_here,
     is_discreet, asks_first_name, asks_full_name, waiting_rule, changed_at)
SELECT $1, $3, e.organiser_id, e.venue_id, $4, $6, e.description,
    e.description_translations, e.domain, e.type_label, e.theme_label, e.facilities, e.age_from, e.age_to, e.attendance,
    e.online_url, e.contact, 'multiple', false, true, e.is_discreet, e.asks_first_name,
    e.asks_full_name, e.waiting_rule, $5
FROM organisers.event AS e
WHERE e.region_id = $1 AND e.id = $2
ON CONFLICT (region_id, id) DO NOTHING;
