-- name: select_said
SELECT event_id, said FROM organisers.event_here WHERE region_id = $1 AND event_id = ANY ($2);

-- name: write_at_source
UPDATE organisers.event_here AS h SET at_source = r.at_source, changed_at = $3
FROM json_to_recordset($2) AS r (event_id uuid, at_source jsonb)
WHERE h.region_id = $1 AND h.event_id = r.event_id AND h.at_source <> r.at_source;

-- name: write_said
INSERT INTO organisers.event_here (region_id, event_id, said, at_source, changed_at)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (region_id, event_id) DO UPDATE
SET said = excluded.said, at_source = excluded.at_source, changed_at = excluded.changed_at;

-- name: delete_said
DELETE FROM organisers.event_here WHERE region_id = $1 AND event_id = $2;

-- name: write_columns
UPDATE organisers.event AS e
SET name = r.name, name_translations = r.name_translations, description = r.description,
    description_translations = r.description_translations, type_label = r.type_label, facilities = r.facilities,
    age_from = r.age_from, age_to = r.age_to, attendance = r.attendance, venue_id = r.venue_id, online_url = r.online_url,
    changed_at = $3
FROM json_to_recordset($2) AS r (
    id uuid, name text, name_translations jsonb, description text, description_translations jsonb, type_label text,
    facilities text[], age_from smallint, age_to smallint, attendance organisers.attendance, venue_id uuid, online_url text
)
WHERE e.region_id = $1 AND e.id = r.id;
