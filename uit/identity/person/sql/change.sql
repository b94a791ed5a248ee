-- name: read_details
SELECT id, given_name, family_name, born_on, email, phone, language, refnis, address_kind, street, house_number, postcode,
    place, reached_by
FROM identity.person
WHERE id = $1;

-- name: read_details_of
SELECT id, given_name, family_name, born_on, email, phone, language, refnis, address_kind, street, house_number, postcode,
    place, reached_by
FROM identity.person
WHERE id = ANY ($1)
ORDER BY id;

-- name: write_details
UPDATE identity.person
SET given_name = $2, family_name = $3, born_on = $4, email = $5, phone = $6, language = $7, refnis = $8, address_kind = $9,
    street = $10, house_number = $11, postcode = $12, place = $13, reached_by = $14,
    address_doubted_at = CASE
        WHEN (address_kind, street, house_number, postcode, place) IS NOT DISTINCT FROM ($9, $10, $11, $12, $13)
        THEN address_doubted_at
    END
WHERE id = $1;

-- name: is_done
SELECT EXISTS (SELECT 1 FROM identity.person_change WHERE id = $1);

-- name: write_changes
INSERT INTO identity.person_change (id, field, person_id, before, after, actor_kind, actor_id, at)
SELECT $1, c.field, $2, c.before, c.after, $4, $5, $6
FROM json_to_recordset($3) AS c (field text, before text, after text);

-- name: read_changes
SELECT c.at, c.field, c.before, c.after, s.name AS by_name, c.actor_kind = 'person' AS by_person
FROM identity.person_change AS c
LEFT JOIN identity.staff AS s ON c.actor_kind = 'staff' AND s.id::text = c.actor_id
WHERE c.person_id = $1
ORDER BY c.at DESC, c.id, c.field
LIMIT $2;

-- name: end_open_links
-- Who reads the mail of an old address, or has the old number, comes in by it no more.
UPDATE identity.link SET used_at = $2 WHERE person_id = $1 AND used_at IS NULL AND purpose::text = ANY ($3);

-- name: read_left_address
-- Nothing where there was no address before. Who died is told nothing.
SELECT c.before AS email, p.given_name, c.at, c.actor_kind AS by
FROM identity.person_change AS c
JOIN identity.person AS p ON p.id = c.person_id AND p.died_on IS NULL
WHERE c.id = $1 AND c.field = 'email' AND c.before IS NOT NULL;
