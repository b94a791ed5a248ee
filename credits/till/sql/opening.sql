-- name: insert_session
INSERT INTO credits.till_session (region_id, id, till_id, no, opened_by, opened_at, carried_cents, found_cents)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: note_first_count
UPDATE credits.till SET first_count_no = $3, first_counted_by = $4, first_count_form = $5 WHERE region_id = $1 AND id = $2;

-- name: sign
-- Only for a closing that needs it, and never by who closed it. A dispute is kept also where none was needed.
UPDATE credits.till_session
SET signature = $5::text::credits.till_signature, signature_reason = $6, signed_by = $3, signed_at = $4
WHERE region_id = $1 AND id = $2 AND closed_by <> $3 AND signature IS NULL
    AND (needs_signature OR $5::text = 'disputed');
