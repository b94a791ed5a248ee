-- name: select_known
SELECT f.foreign_id, e.id, e.organiser_id, e.content_digest
FROM uit.foreign_id AS f
JOIN organisers.event AS e ON e.region_id = $1 AND e.id = f.owner
WHERE f.region_id = $1 AND f.kind = 'event' AND f.source = $2 AND f.foreign_id = ANY ($3);

-- name: upsert_events
INSERT INTO organisers.event
    (region_id, id, organiser_id, venue_id, name, name_translations, description, description_translations, domain, type_label,
     theme_label, facilities, age_from, age_to, attendance, online_url, image_url, contact, calendar_type, published, visible_from, visible_to,
     born_from, born_to, content_digest, source_record, changed_at)
SELECT $1, r.id, r.organiser_id, r.venue_id, r.name, r.name_translations, r.description, r.description_translations, r.domain, r.type_label,
    r.theme_label, r.facilities, r.age_from, r.age_to, r.attendance, r.online_url, r.image_url, r.contact, r.calendar_type,
    r.published, r.visible_from, r.visible_to, r.born_from, r.born_to, decode(r.content_digest, 'hex'), r.source_record::json, $3
FROM json_to_recordset($2) AS r (
    id uuid, organiser_id uuid, venue_id uuid, name text, name_translations jsonb, description text, description_translations jsonb,
    domain organisers.domain, type_label text, theme_label text, facilities text[], age_from smallint, age_to smallint,
    attendance organisers.attendance, online_url text, image_url text, contact jsonb, calendar_type text,
    published boolean, visible_from timestamptz, visible_to timestamptz, born_from date, born_to date, content_digest text, source_record text
)
ON CONFLICT (region_id, id) DO UPDATE
SET organiser_id = excluded.organiser_id, venue_id = excluded.venue_id, name = excluded.name,
    name_translations = excluded.name_translations, description = excluded.description, description_translations = excluded.description_translations, domain = excluded.domain,
    type_label = excluded.type_label, theme_label = excluded.theme_label, facilities = excluded.facilities, age_from = excluded.age_from,
    age_to = excluded.age_to, attendance = excluded.attendance, online_url = excluded.online_url,
    image_url = excluded.image_url, contact = excluded.contact, calendar_type = excluded.calendar_type,
    published = excluded.published, visible_from = excluded.visible_from, visible_to = excluded.visible_to,
    born_from = excluded.born_from, born_to = excluded.born_to, content_digest = excluded.content_digest, source_record = excluded.source_record,
    changed_at = excluded.changed_at;

-- name: read_source_record
SELECT id, organiser_id, source_record::text AS record FROM organisers.event
WHERE region_id = $1 AND id = $2 AND source_record IS NOT NULL;

-- name: set_waiting_rule
UPDATE organisers.event SET waiting_rule = $3
WHERE region_id = $1 AND id = $2 AND waiting_rule <> $3;

-- name: set_settings
-- What its organiser says of an event; what its source says is written elsewhere, and leaves this as it is.
UPDATE organisers.event SET is_discreet = $3, asks_first_name = $4, asks_full_name = $5,
    names_asked_at = CASE WHEN NOT $4 THEN NULL WHEN asks_first_name THEN names_asked_at ELSE $6::timestamptz END,
    full_names_asked_at = CASE WHEN NOT $5 THEN NULL WHEN asks_full_name THEN full_names_asked_at ELSE $6::timestamptz END
WHERE region_id = $1 AND id = $2 AND (is_discreet, asks_first_name, asks_full_name) IS DISTINCT FROM ($3, $4, $5);
