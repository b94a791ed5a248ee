-- name: add_area_versions
-- Rules are never edited: a programme for the old municipality gets a version for the new one, the same for the rest.
INSERT INTO credits.programme_version (
    region_id, programme_id, version, refnis, age_from, age_to, social_only, amount_cents, valid_months, domains, attendance,
    ceiling_cents, earning, no_show_percent, extension_days, starts_at, on_moving, on_leaving
)
SELECT $1, v.programme_id, v.version + 1, ARRAY(SELECT DISTINCT unnest(array_replace(v.refnis, $2, $3)) ORDER BY 1), v.age_from,
    v.age_to, v.social_only, v.amount_cents, v.valid_months, v.domains, v.attendance, v.ceiling_cents, v.earning,
    v.no_show_percent, v.extension_days, $4, v.on_moving, v.on_leaving
FROM credits.programme_version AS v
WHERE v.region_id = $1 AND $2 = ANY (v.refnis) AND v.version = (
    SELECT max(o.version) FROM credits.programme_version AS o WHERE o.region_id = $1 AND o.programme_id = v.programme_id
);

-- name: move_tills
UPDATE credits.till SET counter_refnis = $3 WHERE region_id = $1 AND counter_refnis = $2;
