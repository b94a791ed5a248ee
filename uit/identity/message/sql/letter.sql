-- name: add_letter
INSERT INTO identity.letter (region_id, id, person_id, kind, subject, body, written_at, is_for_counter)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (region_id, id) DO NOTHING;

-- name: print_letters
-- Each in one batch alone: what another counter took meanwhile stays there.
UPDATE identity.letter SET batch_id = $3, printed_at = $4
WHERE region_id = $1 AND id = ANY ($2) AND batch_id IS NULL AND dropped_at IS NULL AND NOT is_for_counter;

-- name: rewrite_letters
-- What was printed or said meanwhile stays as it was.
UPDATE identity.letter AS l SET subject = r.subject, body = r.body
FROM unnest($2::uuid[], $3::text[], $4::text[]) AS r (id, subject, body)
WHERE l.region_id = $1 AND l.id = r.id AND l.batch_id IS NULL AND l.told_at IS NULL;

-- name: post_letters
UPDATE identity.letter SET posted_at = $3
WHERE region_id = $1 AND id = ANY ($2) AND batch_id IS NOT NULL AND posted_at IS NULL AND dropped_at IS NULL;

-- name: drop_letter
UPDATE identity.letter SET dropped_at = $3
WHERE region_id = $1 AND id = $2 AND posted_at IS NULL AND dropped_at IS NULL;

-- name: return_letter
UPDATE identity.letter SET returned_at = $3
WHERE region_id = $1 AND id = $2 AND posted_at IS NOT NULL AND returned_at IS NULL
RETURNING person_id;

-- name: read_waiting
SELECT id, subject, body, written_at FROM identity.letter
WHERE region_id = $1 AND person_id = $2 AND is_for_counter AND told_at IS NULL
ORDER BY written_at, id
LIMIT 20;

-- name: tell_waiting
UPDATE identity.letter SET told_at = $4
WHERE region_id = $1 AND id = $2 AND person_id = $3 AND is_for_counter AND told_at IS NULL;

-- name: doubt_address
UPDATE identity.person SET address_doubted_at = $2 WHERE id = $1 AND address_doubted_at IS NULL;

-- name: trust_address
UPDATE identity.person SET address_doubted_at = NULL WHERE id = $1 AND address_doubted_at IS NOT NULL;

-- name: is_doubted
SELECT address_doubted_at IS NOT NULL FROM identity.person WHERE id = $1;
