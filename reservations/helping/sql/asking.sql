-- name: find_asks
-- What is asked of who looks: by their address, or by the number of a pass of theirs and their name.
SELECT a.id, a.person_id, p.given_name, a.email, a.powers, a.limit_cents, a.ends_on
FROM identity.person AS me
JOIN identity.asked_help AS a ON a.person_id <> me.id AND a.lapses_at > $3 AND (
    a.email = me.email
    OR uit.fold(a.name) IN (
        uit.fold(me.given_name || ' ' || me.family_name), uit.fold(me.family_name || ' ' || me.given_name)
    )
    AND a.card_number IN (
        SELECT c.number
        FROM passes.membership AS m
        JOIN passes.card AS c ON c.region_id = $1 AND c.membership_id = m.id AND c.state = 'active'
        WHERE m.region_id = $1 AND m.person_id = $2
    )
)
JOIN identity.person AS p ON p.id = a.person_id
WHERE me.id = $2
ORDER BY a.asked_at, a.id;
