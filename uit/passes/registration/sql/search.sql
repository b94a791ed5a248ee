-- name: find_by_number
SELECT coalesce(array_agg(membership_id), '{}') FROM passes.card WHERE region_id = $1 AND number = $2;

-- name: find_by_name
-- `$2`: the towns that the asker may see; null is all. Each word that was typed starts a word of the name, both folded:
-- D'Hondt is `dhondt` and `d hondt`.
SELECT coalesce(array_agg(found.id), '{}')
FROM (
    SELECT m.id
    FROM identity.person AS p
    CROSS JOIN LATERAL (
        SELECT id, refnis FROM passes.membership WHERE region_id = $1 AND person_id = p.id LIMIT 1
    ) AS m
    WHERE uit.words_of(p.given_name || ' ' || p.family_name) @@ (
        SELECT string_agg(format('''%s'':*', word), ' & ')::tsquery
        FROM string_to_table(uit.fold($3), ' ') AS word WHERE word <> ''
    )
        AND ($2::text[] IS NULL OR m.refnis = ANY ($2))
        AND p.merged_into IS NULL AND NOT p.is_protected AND ($4::date IS NULL OR p.born_on = $4)
    ORDER BY lower(p.family_name), lower(p.given_name), m.id
    LIMIT $5
) AS found;

-- name: find_by_birth_date
SELECT coalesce(array_agg(found.id), '{}')
FROM (
    SELECT m.id
    FROM passes.membership AS m
    JOIN identity.person AS p ON p.id = m.person_id
    WHERE m.region_id = $1 AND ($2::text[] IS NULL OR m.refnis = ANY ($2))
        AND p.merged_into IS NULL AND NOT p.is_protected AND p.born_on = $3
    ORDER BY lower(p.family_name), lower(p.given_name), m.id
    LIMIT $4
) AS found;

-- name: read_found
SELECT m.id AS membership_id, m.person_id, p.given_name || ' ' || p.family_name AS name, p.born_on, t.name AS town,
    m.status = 'active' AS is_active, p.is_protected, c.id AS card_id, c.number AS card_number, c.kind::text AS card_kind,
    c.state::text AS card_state
FROM passes.membership AS m
JOIN identity.person AS p ON p.id = m.person_id
LEFT JOIN uit.municipality AS t ON t.refnis = coalesce(m.refnis, p.refnis)
LEFT JOIN LATERAL (
    SELECT id, number, kind, state FROM passes.card
    WHERE region_id = $1 AND membership_id = m.id
    ORDER BY state = 'active' DESC, kind = 'digital' DESC, issued_at DESC
    LIMIT 1
) AS c ON true
WHERE m.region_id = $1 AND ($2::text[] IS NULL OR m.refnis = ANY ($2)) AND m.id = ANY ($3)
ORDER BY m.status = 'active' DESC, lower(p.family_name), lower(p.given_name), m.id;
