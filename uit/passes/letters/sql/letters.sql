-- name: find_letters
-- The letters that a counter sees, of one state. Whom it names may be no member any more: then the municipality is that of the
-- person. Where nobody can be reached by post, `has_address` is false.
SELECT l.id, l.person_id, m.id AS membership_id, p.given_name || ' ' || p.family_name AS name, p.is_protected, l.subject,
    l.written_at, l.batch_id, l.posted_at,
    coalesce(p.address_kind IN ('home', 'reference'), false) AND p.address_doubted_at IS NULL AS has_address
FROM identity.letter AS l
JOIN identity.person AS p ON p.id = l.person_id
LEFT JOIN passes.membership AS m ON m.region_id = $1 AND m.person_id = l.person_id
WHERE l.region_id = $1 AND NOT l.is_for_counter AND l.dropped_at IS NULL AND l.returned_at IS NULL AND p.died_on IS NULL
    AND (l.batch_id IS NOT NULL) = $3 AND (l.posted_at IS NOT NULL) = $4
    AND ($2::text[] IS NULL OR coalesce(m.refnis, p.refnis) = ANY ($2))
ORDER BY l.posted_at DESC, l.written_at, l.id
LIMIT $5;

-- name: read_letter
SELECT l.id, l.person_id, m.id AS membership_id
FROM identity.letter AS l
JOIN identity.person AS p ON p.id = l.person_id
LEFT JOIN passes.membership AS m ON m.region_id = $1 AND m.person_id = l.person_id
WHERE l.region_id = $1 AND l.id = $2 AND ($3::text[] IS NULL OR coalesce(m.refnis, p.refnis) = ANY ($3));

-- name: read_batch
-- What is printed: with the address as it is now. An address for letters alone is used here, and shown nowhere. One that was
-- removed or doubted since gets no letter: `has_address` is as in the list.
SELECT l.id, l.person_id, p.given_name || ' ' || p.family_name AS name, p.street, p.house_number, p.postcode, p.place, l.subject,
    l.body, l.written_at,
    coalesce(p.address_kind IN ('home', 'reference'), false) AND p.address_doubted_at IS NULL AS has_address
FROM identity.letter AS l
JOIN identity.person AS p ON p.id = l.person_id
LEFT JOIN passes.membership AS m ON m.region_id = $1 AND m.person_id = l.person_id
WHERE l.region_id = $1 AND l.batch_id = $2 AND l.dropped_at IS NULL AND p.died_on IS NULL
    AND ($3::text[] IS NULL OR coalesce(m.refnis, p.refnis) = ANY ($3))
ORDER BY l.written_at, l.id
LIMIT 200;
