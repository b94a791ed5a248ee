-- name: find_alike
-- Whoever was born on the day (or with day and month changed places) and has a name that is near, and whoever has the same words
-- in their name. Each step is bounded before names are compared.
SELECT m.id AS membership_id, found.why
FROM (
    SELECT c.id, c.rank, CASE
        WHEN c.born_on = $4::date AND c.folded = asked.folded THEN 'same'
        WHEN c.born_on = $4::date THEN 'near'
        WHEN c.born_on = $5::date THEN 'turned'
        WHEN $4::date IS NULL THEN 'name_alone'
        ELSE 'name'
    END AS why
    FROM (SELECT uit.fold($3) AS folded) AS asked
    CROSS JOIN LATERAL (
        SELECT p.id, p.born_on, uit.fold(p.given_name || ' ' || p.family_name) AS folded,
            public.similarity(uit.fold(p.given_name || ' ' || p.family_name), asked.folded) AS rank
        FROM identity.person AS p
        WHERE p.born_on IN ($4::date, $5::date) AND p.merged_into IS NULL AND NOT p.is_protected
        UNION ALL
        SELECT p.id, p.born_on, uit.fold(p.given_name || ' ' || p.family_name), 1
        FROM identity.person AS p
        WHERE uit.words_of(p.given_name || ' ' || p.family_name) @@ (
            SELECT string_agg(format('''%s''', word), ' & ')::tsquery
            FROM string_to_table(asked.folded, ' ') AS word WHERE word <> ''
        )
            AND NOT coalesce(p.born_on IN ($4::date, $5::date), false) AND p.merged_into IS NULL AND NOT p.is_protected
    ) AS c
    WHERE c.rank >= 0.4
) AS found
JOIN passes.membership AS m ON m.region_id = $1 AND m.person_id = found.id AND ($2::text[] IS NULL OR m.refnis = ANY ($2))
ORDER BY array_position(ARRAY['same', 'near', 'turned', 'name', 'name_alone'], found.why), found.rank DESC, m.id
LIMIT $6;
