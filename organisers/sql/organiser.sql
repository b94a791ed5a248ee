-- name: upsert_organisers
INSERT INTO organisers.organiser AS known (region_id, id, name, email, phone, url, created_at)
SELECT $1, r.id, r.name, r.email, r.phone, r.url, $3
FROM json_to_recordset($2) AS r (id uuid, name text, email text, phone text, url text)
ON CONFLICT (region_id, id) DO UPDATE
SET name = excluded.name, email = coalesce(excluded.email, known.email),
    phone = coalesce(excluded.phone, known.phone), url = coalesce(excluded.url, known.url);

-- name: upsert_venues
INSERT INTO organisers.venue (region_id, id, name, street, postal_code, locality, refnis, latitude, longitude)
SELECT $1, r.id, r.name, r.street, r.postal_code, r.locality, r.refnis, r.latitude, r.longitude
FROM json_to_recordset($2) AS r (
    id uuid, name text, street text, postal_code text, locality text, refnis text,
    latitude double precision, longitude double precision
)
ON CONFLICT (region_id, id) DO UPDATE
SET name = excluded.name, street = excluded.street, postal_code = excluded.postal_code,
    locality = excluded.locality, refnis = excluded.refnis, latitude = excluded.latitude,
    longitude = excluded.longitude;

-- name: write_enterprise_number
UPDATE organisers.organiser SET enterprise_number = $3
WHERE region_id = $1 AND id = $2 AND (enterprise_number IS NULL OR enterprise_number = $3)
RETURNING id;

-- name: lock_region
-- Of two who add an organiser of the same name at once, the second waits here.
SELECT id FROM uit.region WHERE id = $1 FOR NO KEY UPDATE;

-- name: read_same_name
SELECT id, name, enterprise_number, email
FROM organisers.organiser
WHERE region_id = $1 AND lower(name) = lower($2) AND ended_at IS NULL
ORDER BY created_at, id
LIMIT 1;

-- name: read_lines
SELECT id, name, enterprise_number, email
FROM organisers.organiser
WHERE region_id = $1 AND ended_at IS NULL
ORDER BY lower(name), id;

-- name: insert_organiser
INSERT INTO organisers.organiser (region_id, id, name, enterprise_number, email, created_at)
VALUES ($1, $2, $3, $4, $5, $6);

-- name: find_organiser
SELECT region_id FROM uit.directory WHERE kind = 'organiser' AND key = $1;
