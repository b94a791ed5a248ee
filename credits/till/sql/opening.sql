-- name: insert_session
INSERT INTO credits.till_session (region_id, id, till_id, no, opened_by, opened_at, carried_cents, found_cents)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: note_first_count
UPDATE credits.till SET first_count_no = $3, first_counted_by = $4, first_count_form = $5 WHERE region_id = $1 AND id = $2;

-- name: sign
-- Every closing of a till that waits for it, and never by who closed it. A dispute of the last one ($7) is kept also where no
-- signature was needed.
UPDATE credits.till_session
SET signature = $5::text::credits.till_signature, signature_reason = $6, signed_by = $3, signed_at = $4
WHERE region_id = $1 AND till_id = $2 AND closed_by <> $3 AND signature IS NULL
    AND (needs_signature OR ($5::text = 'disputed' AND no = $7));

-- name: read_unsigned
-- Who closed their own till again and again leaves several: the oldest first.
SELECT s.no, s.closed_by, c.name AS closed_by_name, s.closed_at, s.counted_cents, s.expected_cents, s.left_cents,
    s.difference_reason
FROM credits.till_session AS s
LEFT JOIN identity.staff AS c ON c.id = s.closed_by
WHERE s.region_id = $1 AND s.till_id = $2 AND s.closed_at IS NOT NULL AND s.needs_signature AND s.signature IS NULL
ORDER BY s.no;
