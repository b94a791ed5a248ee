-- name: read_details
SELECT id, given_name, family_name, born_on, email, phone, language, refnis, address_kind, street, house_number, postcode,
    place, reached_by
FROM identity.person
WHERE id = $1;

-- name: write_details
UPDATE identity.person
SET given_name = $2, family_name = $3, born_on = $4, email = $5, phone = $6, language = $7, refnis = $8, address_kind = $9,
    street = $10, house_number = $11, postcode = $12, place = $13, reached_by = $14
WHERE id = $1;

-- name: is_done
SELECT EXISTS (SELECT 1 FROM identity.person_change WHERE id = $1);

-- name: write_changes
INSERT INTO identity.person_change (id, field, person_id, before, after, actor_kind, actor_id, at)
SELECT $1, c.field, $2, c.before, c.after, $4, $5, $6
FROM json_to_recordset($3) AS c (field text, before text, after text);

-- name: read_changes
SELECT c.at, c.field, c.before, c.after, s.name AS by_name
FROM identity.person_change AS c
LEFT JOIN identity.staff AS s ON c.actor_kind = 'staff' AND s.id::text = c.actor_id
WHERE c.person_id = $1
ORDER BY c.at DESC, c.id, c.field
LIMIT $2;

-- name: end_open_links
-- Who reads the mail of the old address comes in by it no more.
UPDATE identity.link SET used_at = $2 WHERE person_id = $1 AND used_at IS NULL;
