-- name: find_asked
-- Who has the pass of the number that was typed, with the name that was typed; nobody where the name is another.
SELECT me.id
FROM identity.asked_help AS a
JOIN passes.card AS c ON c.region_id = $1 AND c.number = a.card_number AND c.state = 'active'
JOIN passes.membership AS m ON m.region_id = $1 AND m.id = c.membership_id
JOIN identity.person AS me ON me.id = m.person_id AND me.id <> a.person_id
WHERE a.id = $2 AND uit.fold(a.name) IN (
    uit.fold(me.given_name || ' ' || me.family_name), uit.fold(me.family_name || ' ' || me.given_name)
);

-- name: read_stopped
SELECT r.representative_id, p.given_name
FROM identity.representation AS r
JOIN identity.person AS p ON p.id = r.person_id
WHERE r.id = $1 AND r.kind IN ('trusted', 'administrator') AND r.revoked_at IS NOT NULL;
