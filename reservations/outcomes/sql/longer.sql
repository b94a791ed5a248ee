-- name: lengthen_choice
-- Whether it is longer by now. It is due at once, so that the worker that had it looks at it again with its new moment.
UPDATE reservations.session AS s
SET choose_until = $4, choose_promised = coalesce(s.choose_promised, s.choose_until), longer_reason = $5, changed_at = $6, due_at = $6
WHERE s.region_id = $1 AND s.organiser_id = $2 AND s.id = $3
    AND s.status = 'cancelled' AND s.choose_until > $6 AND s.choose_until < $4
RETURNING true;
