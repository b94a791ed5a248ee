-- name: upsert_municipalities
-- The file as it is, so that no field is named twice.
INSERT INTO uit.municipality AS known (refnis, name, name_fr, province, postal_codes, latitude, longitude)
SELECT r.refnis, r.name_nl, r.name_fr, r.province_nl, r.postal_codes, r.lat, r.lon
FROM json_to_recordset($1) AS r (
    refnis text, name_nl text, name_fr text, province_nl text, postal_codes text[],
    lat double precision, lon double precision
)
ON CONFLICT (refnis) DO UPDATE
SET name = excluded.name, name_fr = excluded.name_fr, province = excluded.province,
    postal_codes = excluded.postal_codes, latitude = excluded.latitude, longitude = excluded.longitude
WHERE (known.name, known.name_fr, known.province, known.postal_codes, known.latitude, known.longitude)
    IS DISTINCT FROM (excluded.name, excluded.name_fr, excluded.province, excluded.postal_codes,
        excluded.latitude, excluded.longitude);

-- name: read_municipalities
-- Those that are there now, each with the postal codes of what went into it.
SELECT m.refnis, m.name, m.name_fr, array_agg(DISTINCT code ORDER BY code) AS postal_codes
FROM uit.municipality AS m
LEFT JOIN uit.municipality_merger AS own ON own.refnis = m.refnis
LEFT JOIN uit.municipality_merger AS g ON g.into_refnis = m.refnis
LEFT JOIN uit.municipality AS old ON old.refnis = g.refnis
CROSS JOIN LATERAL unnest(m.postal_codes || coalesce(old.postal_codes, '{}')) AS code
WHERE own.refnis IS NULL
GROUP BY m.refnis
ORDER BY m.refnis;

-- name: read_mergers
SELECT g.refnis, m.name, g.into_refnis, i.name AS into_name, g.merged_on
FROM uit.municipality_merger AS g
JOIN uit.municipality AS m ON m.refnis = g.refnis
JOIN uit.municipality AS i ON i.refnis = g.into_refnis
ORDER BY g.merged_on DESC, m.name;

-- name: merged_into
-- Null for one that is there still.
SELECT into_refnis FROM uit.municipality_merger WHERE refnis = $1;

-- name: read_area
-- A municipality, with those that went into it.
SELECT array_agg(refnis) FROM (
    SELECT $1::text AS refnis UNION SELECT refnis FROM uit.municipality_merger WHERE into_refnis = $1
) AS area;

-- name: insert_merger
INSERT INTO uit.municipality_merger (refnis, into_refnis, merged_on) VALUES ($1, $2, $3);

-- name: give_region
INSERT INTO uit.region_municipality (region_id, refnis) VALUES ($1, $2) ON CONFLICT DO NOTHING;

-- name: take_from_region
DELETE FROM uit.region_municipality WHERE region_id = $1 AND refnis = $2;
