-- name: read_member
SELECT m.id, p.given_name, p.family_name, p.born_on, m.refnis, m.social_until, m.status = 'active' AS active, m.ends_on,
    m.came_from, m.moved_on, m.moves_away
FROM passes.membership AS m
JOIN identity.person AS p ON p.id = m.person_id
WHERE m.region_id = $1 AND m.id = $2 AND p.died_on IS NULL;

-- name: read_terms
-- The version in force of every open programme. $2: one programme, or all.
SELECT p.id AS programme_id, p.name AS programme, p.opened_at, v.version, v.refnis, v.age_from, v.age_to, v.social_only,
    v.amount_cents, v.valid_months, v.on_moving
FROM credits.programme AS p
CROSS JOIN LATERAL (
    SELECT * FROM credits.programme_version AS v
    WHERE v.region_id = $1 AND v.programme_id = p.id AND v.starts_at <= $3
    ORDER BY v.version DESC LIMIT 1
) AS v
WHERE p.region_id = $1 AND ($2::uuid IS NULL OR p.id = $2) AND (p.closed_at IS NULL OR p.closed_at > $3)
ORDER BY p.name, p.id;

-- name: read_spendable
-- The programmes whose credit some organiser takes on a day.
SELECT coalesce(array_agg(DISTINCT a.programme_id), '{}') FROM credits.agreements_on($1, $2) AS a;

-- name: read_purses
SELECT g.id, g.programme_id, p.name AS programme, g.period, g.granted_cents, g.available_cents, g.held_cents,
    g.spent_cents, g.lapsed_cents, g.returned_cents, g.granted_at, g.lapses_at
FROM credits.purse AS g
JOIN credits.programme AS p ON p.region_id = $1 AND p.id = g.programme_id
WHERE g.region_id = $1 AND g.wallet_id = $2
ORDER BY g.granted_at DESC, g.id DESC;
