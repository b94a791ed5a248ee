-- name: read_member
SELECT m.id, NULL::uuid AS card_id, NULL::integer AS token_version, NULL::boolean AS card_active,
    m.status = 'active' AS active, m.ends_on, m.social_until, p.born_on, m.region_id, p.given_name, t.name AS town,
    t.refnis, p.language
FROM passes.membership AS m
JOIN identity.person AS p ON p.id = m.person_id
LEFT JOIN uit.municipality AS t ON t.refnis = coalesce(m.refnis, p.refnis)
WHERE m.region_id = $1 AND m.person_id = $2;

-- name: language_of
SELECT language FROM identity.person WHERE id = $1;

-- name: regions_of_person
SELECT coalesce(array_agg(region_id), '{}') FROM passes.membership WHERE person_id = $1 AND status <> 'ended';
