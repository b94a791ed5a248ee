-- name: lock_groups
-- After all that the batch locks. Who stops a pass waits for it, or was first and is seen.
SELECT g.id, NULL::uuid AS card_id, NULL::integer AS token_version, NULL::boolean AS card_active,
    g.ended_at IS NULL AS active, NULL::date AS ends_on, g.social_until, NULL::date AS born_on, g.tickets_a_year
FROM passes.group_pass AS g
WHERE g.region_id = $1 AND g.id = ANY ($2)
ORDER BY g.id
FOR SHARE OF g;

-- name: read_groups
SELECT g.id, NULL::uuid AS card_id, NULL::integer AS token_version, NULL::boolean AS card_active,
    g.ended_at IS NULL AS active, NULL::date AS ends_on, g.social_until, NULL::date AS born_on, g.tickets_a_year
FROM passes.group_pass AS g
WHERE g.region_id = $1 AND g.id = ANY ($2);

-- name: read_group_use
-- A line for each that still has people who come, or who came.
SELECT u.group_id, u.year::integer, u.booking_id, u.line_no::integer, sum(t.weight)::integer AS people,
    min(g.tickets_a_year) AS most
FROM reservations.group_use AS u
JOIN passes.group_pass AS g ON g.region_id = $1 AND g.id = u.group_id
JOIN reservations.ticket AS t ON t.region_id = $1 AND t.booking_id = u.booking_id AND t.line_no = u.line_no
    AND t.status IN ('held', 'confirmed', 'attended', 'no_show')
WHERE u.region_id = $1 AND u.group_id = ANY ($2)
GROUP BY u.group_id, u.year, u.booking_id, u.line_no;

-- name: read_group_purses
-- As a JSON document, in the shape of `spread.Purse`.
SELECT coalesce(json_agg(x), '[]') FROM (
    SELECT p.id, p.held_account_id, p.wallet_id, p.programme_id, p.available_cents, p.lapses_at,
        v.domains, v.attendance, v.ceiling_cents
    FROM credits.purse AS p
    JOIN credits.programme_version AS v
        ON v.region_id = $1 AND v.programme_id = p.programme_id AND v.version = p.version
    WHERE p.region_id = $1 AND p.wallet_id = ANY ($2) AND (p.available_cents > 0 OR p.held_cents > 0)
) AS x;

-- name: write_group_use
SELECT reservations.write_group_use($1, $2::json, $3::json);
