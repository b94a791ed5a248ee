-- name: insert_looks
INSERT INTO uit.look (region_id, id, person_id, at, service, service_key, purpose)
SELECT $1, l.id, l.person_id, l.at, l.service, l.service_key, l.purpose
FROM json_to_recordset($2) AS l (
    id uuid, person_id uuid, at timestamptz, service text, service_key text, purpose text
)
ON CONFLICT DO NOTHING;
