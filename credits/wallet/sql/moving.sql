-- name: lapse_outside_area
-- `$4`: where they live now, with what went into that municipality: a version of before names the old one.
UPDATE credits.purse AS g SET lapses_at = $3::timestamptz, lapse_due_at = $3
FROM credits.programme_version AS v
WHERE g.region_id = $1 AND g.wallet_id = $2 AND g.lapses_at > $3
    AND v.region_id = $1 AND v.programme_id = g.programme_id AND v.version = g.version
    AND v.on_moving = 'return' AND cardinality(v.refnis) > 0 AND NOT v.refnis && $4::text[];

-- name: lapse_on_leaving
UPDATE credits.purse AS g SET lapses_at = $3::timestamptz, lapse_due_at = $3
FROM credits.programme_version AS v
WHERE g.region_id = $1 AND g.wallet_id = $2 AND g.lapses_at > $3
    AND v.region_id = $1 AND v.programme_id = g.programme_id AND v.version = g.version AND v.on_leaving = 'return';
