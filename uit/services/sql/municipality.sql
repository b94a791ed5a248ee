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
SELECT refnis, name, name_fr, postal_codes FROM uit.municipality ORDER BY refnis;
