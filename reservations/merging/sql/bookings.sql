-- name: move_lines
UPDATE reservations.line
SET holder_id = CASE WHEN holder_id = $2 THEN $3 ELSE holder_id END,
    wallet_id = CASE WHEN wallet_id = $2 THEN $3 ELSE wallet_id END
WHERE region_id = $1 AND holder_id = $2
RETURNING booking_id AS id, no;

-- name: move_lines_back
UPDATE reservations.line AS l
SET holder_id = $3, wallet_id = CASE WHEN l.wallet_id = $2 THEN $3 ELSE l.wallet_id END
FROM unnest($4::uuid[], $5::text[]) AS k (booking_id, no)
WHERE l.region_id = $1 AND l.holder_id = $2 AND l.booking_id = k.booking_id AND l.no = k.no::smallint;

-- name: may_have_made
-- The bookings that a member holds, and those of whom they act for, or did.
SELECT coalesce(array_agg(DISTINCT l.booking_id), '{}')
FROM (
    SELECT $2::uuid AS id
    UNION
    SELECT m.id
    FROM identity.representation AS r
    JOIN passes.membership AS m ON m.region_id = $1 AND m.person_id = r.person_id
    WHERE r.representative_id = $3
) AS holder
JOIN reservations.line AS l ON l.region_id = $1 AND l.holder_id = holder.id;

-- name: move_made
-- Who made them, by a membership or for another by a person: `$3` becomes `$4`, each by its place. `$2`: which it may be.
WITH moved AS (
    UPDATE reservations.booking AS b SET actor_id = k.new
    FROM unnest($3::text[], $4::text[]) AS k (old, new)
    WHERE b.region_id = $1 AND b.actor_kind = 'holder' AND b.actor_id = k.old AND b.id = ANY ($2)
    RETURNING b.id
)
SELECT coalesce(array_agg(id), '{}') FROM moved;

-- name: move_claims
WITH moved AS (
    UPDATE reservations.claimed_booking SET membership_id = $3
    WHERE region_id = $1 AND membership_id = $2 AND ($4::uuid[] IS NULL OR booking_id = ANY ($4))
    RETURNING booking_id
)
SELECT coalesce(array_agg(booking_id), '{}') FROM moved;

-- name: move_waiting
-- By the pass of $2, which becomes $3, also along with others; $5 who asked it becomes $6. Where who stays waits for the same already,
-- that goes before, and where both wait together nothing is done.
WITH moved AS (
    UPDATE reservations.waiting_entry AS w SET membership_id = CASE WHEN w.membership_id = $2 THEN $3 ELSE w.membership_id END,
        person_id = CASE WHEN w.person_id = $5 THEN $6 ELSE w.person_id END,
        lines = replace(w.lines::text, $2::uuid::text, $3::uuid::text)::jsonb
    WHERE w.region_id = $1 AND ($4::uuid[] IS NULL OR w.id = ANY ($4))
        AND (w.membership_id = $2 OR w.person_id = $5 OR w.lines @> jsonb_build_array(jsonb_build_object('membership_id', $2::uuid)))
        AND strpos(w.lines::text, $3::uuid::text) = 0 AND (w.membership_id <> $3 OR strpos(w.lines::text, $2::uuid::text) = 0)
        AND (w.membership_id <> $2 OR NOT EXISTS (
            SELECT 1 FROM reservations.waiting_entry AS other
            WHERE other.region_id = $1 AND other.event_id = w.event_id AND other.membership_id = $3
                AND other.state IN ('waiting', 'offered')
        ))
    RETURNING w.id
)
SELECT coalesce(array_agg(id), '{}') FROM moved;
