-- name: last_day_unused
-- What was last used on this day, or before, was not used for as long as its class says.
SELECT ($1::date - keep)::date FROM uit.retention_class WHERE name = 'unused';

-- name: find_unused
-- The memberships of all regions that may not have been used since a day. Of those whose holder was told, which were not looked
-- at on another day, which is today: who uses theirs again is warned no more from the next day on.
SELECT region_id, id FROM passes.membership
WHERE coalesce(used_on, starts_on) <= $1 AND status <> 'ended' AND (warned_on IS NULL OR looked_on < $2)
ORDER BY coalesce(used_on, starts_on), region_id, id
LIMIT $3;

-- name: read_use
SELECT coalesce(used_on, starts_on) AS used_on, warned_on FROM passes.membership WHERE region_id = $1 AND id = $2;

-- name: write_use
UPDATE passes.membership SET used_on = $3, warned_on = NULL WHERE region_id = $1 AND id = $2;

-- name: write_warning
UPDATE passes.membership SET warned_on = $3, looked_on = $3, is_unreached = false WHERE region_id = $1 AND id = $2;

-- name: write_unreached
UPDATE passes.membership SET is_unreached = true WHERE region_id = $1 AND id = $2;

-- name: write_look
UPDATE passes.membership SET looked_on = $3 WHERE region_id = $1 AND id = $2;

-- name: read_warned
-- Who has no address, or one that took no mail, and no parent who was told. `$2`: the towns that the asker may see; null is all.
-- A protected person lies face down: opening them is the second act.
SELECT m.id AS membership_id, m.person_id,
    CASE WHEN NOT p.is_protected THEN p.given_name || ' ' || p.family_name END AS name,
    CASE WHEN NOT p.is_protected THEN p.born_on END AS born_on,
    CASE WHEN NOT p.is_protected THEN t.name END AS town,
    CASE WHEN NOT p.is_protected THEN p.phone END AS phone,
    m.warned_on
FROM passes.membership AS m
JOIN identity.person AS p ON p.id = m.person_id
LEFT JOIN uit.municipality AS t ON t.refnis = coalesce(m.refnis, p.refnis)
WHERE m.region_id = $1 AND m.warned_on IS NOT NULL AND m.status <> 'ended'
    AND (m.is_unreached OR p.email IS NULL AND NOT EXISTS (
        SELECT 1 FROM identity.representation AS r
        JOIN identity.person AS a ON a.id = r.representative_id AND a.email IS NOT NULL AND a.ended_at IS NULL
        WHERE r.person_id = p.id AND r.kind = 'parental' AND r.revoked_at IS NULL
            AND (p.born_on IS NULL OR p.born_on + interval '18 years' > m.warned_on)
            AND r.starts_on <= m.warned_on AND (r.ends_on IS NULL OR r.ends_on >= m.warned_on)
    ))
    AND ($2::text[] IS NULL OR m.refnis = ANY ($2))
ORDER BY m.warned_on, p.is_protected, lower(p.family_name), lower(p.given_name), m.id
LIMIT $3;
