-- name: read_household
-- Adults first, then children by age. `$4`: the towns that the asker may see; null is all.
SELECT h.household_id, h.membership_id, m.person_id, p.given_name || ' ' || p.family_name AS name, p.born_on, h.role,
    p.is_protected
FROM passes.household_member AS h
JOIN passes.membership AS m ON m.region_id = $1 AND m.id = h.membership_id
JOIN identity.person AS p ON p.id = m.person_id
WHERE h.region_id = $1 AND h.household_id = $2 AND (h.ends_on IS NULL OR h.ends_on > $3)
    AND ($4::text[] IS NULL OR m.refnis = ANY ($4))
ORDER BY h.role = 'child', p.born_on, m.id;

-- name: read_households_of
-- All members of the households of one member, theirs too.
SELECT h.household_id, h.membership_id, m.person_id, p.given_name || ' ' || p.family_name AS name, p.born_on, h.role,
    p.is_protected
FROM passes.household_member AS own
JOIN passes.household_member AS h ON h.region_id = $1 AND h.household_id = own.household_id
JOIN passes.membership AS m ON m.region_id = $1 AND m.id = h.membership_id
JOIN identity.person AS p ON p.id = m.person_id
WHERE own.region_id = $1 AND own.membership_id = $2 AND (own.ends_on IS NULL OR own.ends_on > $3)
    AND (h.ends_on IS NULL OR h.ends_on > $3) AND ($4::text[] IS NULL OR m.refnis = ANY ($4))
ORDER BY h.household_id, h.role = 'child', p.born_on, m.id;
