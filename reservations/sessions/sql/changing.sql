-- name: lock_pools_of
-- In the order in which bookings lock them; what the dates are is read in a later statement.
SELECT FROM reservations.pool AS p
WHERE p.region_id = $1 AND p.id IN (
    SELECT unnest(s.pool_ids) FROM reservations.session AS s WHERE s.region_id = $1 AND s.id = ANY ($2)
)
ORDER BY p.id
FOR NO KEY UPDATE OF p;

-- name: lock_pools_of_events
-- The same of all dates to come of these activities, after $3, whether or not anybody has a place.
SELECT FROM reservations.pool AS p
WHERE p.region_id = $1 AND p.id IN (
    SELECT unnest(s.pool_ids) FROM reservations.session AS s
    WHERE s.region_id = $1 AND s.event_id = ANY ($2) AND s.ends_at > $3 AND s.status <> 'cancelled'
)
ORDER BY p.id
FOR NO KEY UPDATE OF p;

-- name: read_locked
SELECT s.id, s.organiser_id, s.status::text AS status, s.status_reason, s.starts_at, s.ends_at,
    (EXISTS (
        SELECT 1 FROM reservations.pool AS p
        WHERE p.region_id = $1 AND p.id = ANY (s.pool_ids) AND p.licensed_capacity > 0
    ) OR EXISTS (
        SELECT 1 FROM reservations.source_figure AS g WHERE g.region_id = $1 AND g.session_id = s.id
    )) AND EXISTS (
        SELECT 1 FROM reservations.tariff AS t WHERE t.region_id = $1 AND t.session_id = s.id AND t.active
    ) AS is_sold_here
FROM reservations.session AS s
WHERE s.region_id = $1 AND s.id = ANY ($2)
ORDER BY s.starts_at, s.id;

-- name: count_other_dates
-- Of the activity of a date, those that are on sale now besides it, by themselves.
SELECT count(*) FROM reservations.session AS this
JOIN reservations.session AS s ON s.region_id = $1 AND s.event_id = this.event_id AND s.id <> this.id
WHERE this.region_id = $1 AND this.organiser_id = $2 AND this.id = $3 AND s.status = 'scheduled'
    AND s.sale_closes_at > $4 AND (s.sale_opens_at IS NULL OR s.sale_opens_at <= $4) AND reservations.only_in_course($1, s.id) IS NULL;

-- name: has_date_at
-- Whether the activity of a date has another one that starts then.
SELECT EXISTS (
    SELECT 1 FROM reservations.session AS this
    JOIN reservations.session AS s ON s.region_id = $1 AND s.event_id = this.event_id AND s.id <> this.id
    WHERE this.region_id = $1 AND this.id = $2 AND s.starts_at = $3 AND s.status <> 'cancelled'
);

-- name: change_status
-- What was called off is due at once: its bookings end, or those that are not paid where the others choose. What waits for a decision
-- is never due.
UPDATE reservations.session AS s
SET status = r.status, status_reason = r.reason, changed_at = $3, decided_here = $5, choose_until = r.choose_until,
    choose_promised = NULL, longer_reason = NULL,
    told_at = CASE WHEN s.status IN ('scheduled', 'sold_elsewhere') THEN $3 ELSE coalesce(s.told_at, $3) END,
    due_at = CASE r.status WHEN 'cancelled' THEN $3 WHEN 'postponed' THEN NULL WHEN 'suspended' THEN NULL ELSE coalesce((
        SELECT min(m.at) FROM unnest(ARRAY[s.cancel_until, s.starts_at, s.ends_at, uit.later(s.ends_at, $4)]) AS m (at)
        WHERE m.at > $3
    ), $3) END
FROM json_to_recordset($2) AS r (id uuid, status reservations.session_status, reason text, choose_until timestamptz)
WHERE s.region_id = $1 AND s.id = r.id;

-- name: move_times
UPDATE reservations.session AS s
SET starts_at = r.starts_at, ends_at = r.ends_at, moved_at = $3, moved_from = s.starts_at, changed_at = $3, decided_here = $5,
    choose_until = NULL,
    told_at = CASE WHEN s.status IN ('scheduled', 'sold_elsewhere') THEN $3 ELSE coalesce(s.told_at, $3) END,
    sale_closes_at = least(uit.later(s.sale_closes_at, r.starts_at - s.starts_at), r.ends_at),
    cancel_until = uit.later(s.cancel_until, r.starts_at - s.starts_at),
    status = r.status, status_reason = NULL,
    due_at = (
        SELECT min(m.at)
        FROM unnest(ARRAY[
            uit.later(s.cancel_until, r.starts_at - s.starts_at), r.starts_at, r.ends_at, uit.later(r.ends_at, $4)
        ]) AS m (at)
        WHERE m.at > $3
    )
FROM json_to_recordset($2) AS r (
    id uuid, starts_at timestamptz, ends_at timestamptz, status reservations.session_status
)
WHERE s.region_id = $1 AND s.id = r.id;

-- name: booked_dates
-- The dates to come of activities, after $3, for which somebody has a place.
SELECT s.id, s.moved_at FROM reservations.session AS s
WHERE s.region_id = $1 AND s.event_id = ANY ($2) AND s.ends_at > $3 AND s.status <> 'cancelled' AND EXISTS (
    SELECT 1 FROM reservations.ticket AS t
    WHERE t.region_id = $1 AND t.session_id = s.id AND t.status IN ('held', 'confirmed')
)
ORDER BY s.starts_at, s.id;

-- name: mark_relocated
-- As a date that has another time, from the one that it has: who booked before may leave until it starts.
UPDATE reservations.session AS s
SET moved_at = $3, moved_from = s.starts_at, changed_at = $3,
    told_at = CASE WHEN s.status IN ('scheduled', 'sold_elsewhere') THEN $3 ELSE coalesce(s.told_at, $3) END
WHERE s.region_id = $1 AND s.id = ANY ($2);

-- name: reset_checkins
-- Who was let in before the old start of a date that has another time now, has been nowhere yet. A late repeat does not use
-- the ticket again. It comes after the date got its time: a check-in that was under way is then in, and none comes between.
WITH freed AS (
    UPDATE reservations.ticket AS t SET status = 'confirmed', attended_at = NULL, checkin_id = NULL
    FROM reservations.ticket AS was, reservations.session AS s
    WHERE t.region_id = $1 AND t.session_id = ANY ($2) AND t.status = 'attended'
        AND was.region_id = $1 AND was.booking_id = t.booking_id AND was.line_no = t.line_no AND was.no = t.no
        AND s.region_id = $1 AND s.id = t.session_id AND s.moved_from > $3
    RETURNING t.booking_id, t.line_no, t.no, was.checkin_id
)
INSERT INTO reservations.checkin_taken_back (region_id, booking_id, line_no, ticket_no, checkin_id)
SELECT $1, booking_id, line_no, no, checkin_id FROM freed WHERE checkin_id IS NOT NULL
ON CONFLICT DO NOTHING;

-- name: follow_dates
-- Until when the name and address of a guest are of use follows the last of their dates. Of a date that comes later or is in
-- doubt nobody knows yet when that is.
UPDATE reservations.contact AS c SET last_session_at = l.at
FROM (
    SELECT i.booking_id, max(CASE WHEN s.status IN ('postponed', 'suspended') THEN 'infinity' ELSE s.ends_at END) AS at
    FROM reservations.line AS i
    JOIN reservations.session AS s ON s.region_id = $1 AND s.id = i.session_id
    WHERE i.region_id = $1 AND i.booking_id IN (
        SELECT t.booking_id FROM reservations.ticket AS t WHERE t.region_id = $1 AND t.session_id = ANY ($2)
    )
    GROUP BY i.booking_id
) AS l
WHERE c.region_id = $1 AND c.booking_id = l.booking_id AND c.last_session_at <> l.at;

-- name: follow_lines
-- Who waits does so until the last of their dates, whenever that has come to be. Of a date that comes later or is in doubt
-- nobody knows, so they wait for a year longer at most.
UPDATE reservations.waiting_entry AS w SET ends_at = l.at
FROM (
    SELECT e.id, max(CASE
        WHEN s.status IN ('postponed', 'suspended') THEN uit.later(s.ends_at, interval '1 year') ELSE s.ends_at
    END) AS at
    FROM reservations.waiting_entry AS e
    JOIN reservations.session AS s ON s.region_id = $1 AND s.id = ANY (e.session_ids)
    WHERE e.region_id = $1 AND e.state IN ('waiting', 'offered') AND e.event_id IN (
        SELECT d.event_id FROM reservations.session AS d WHERE d.region_id = $1 AND d.id = ANY ($2)
    )
    GROUP BY e.id
) AS l
WHERE w.region_id = $1 AND w.id = l.id AND w.ends_at <> l.at;

-- name: tell_bookings
-- Every booking that has or had a ticket for one of these dates, once; the message says for which.
SELECT uit.write_outbox($1, (
    SELECT json_agg(json_build_object(
        'topic', $3::text, 'key', b.booking_id, 'payload', json_build_object('session_id', b.session_id)
    ))
    FROM (
        SELECT DISTINCT t.booking_id, t.session_id FROM reservations.ticket AS t
        WHERE t.region_id = $1 AND t.session_id = ANY ($2)
            AND (t.status IN ('held', 'confirmed', 'attended', 'no_show') OR t.ending = 'called_off')
    ) AS b
), $4)
WHERE EXISTS (SELECT 1 FROM reservations.ticket AS t WHERE t.region_id = $1 AND t.session_id = ANY ($2));

-- name: end_waiting
-- Who waits for nothing but dates that do not take place stands in a line no longer, and is told.
WITH ended AS (
    UPDATE reservations.waiting_entry AS w SET state = 'over', state_at = $4
    WHERE w.region_id = $1 AND w.state = 'waiting' AND w.session_ids && $2 AND w.event_id IN (
        SELECT s.event_id FROM reservations.session AS s WHERE s.region_id = $1 AND s.id = ANY ($2)
    ) AND NOT EXISTS (
        SELECT 1 FROM reservations.session AS o
        WHERE o.region_id = $1 AND o.id = ANY (w.session_ids) AND o.status <> 'cancelled'
    )
    RETURNING w.id
)
SELECT uit.write_outbox($1, (
    SELECT json_agg(json_build_object('topic', $3::text, 'key', e.id, 'payload', json_build_object())) FROM ended AS e
), $4)
WHERE (SELECT count(*) FROM ended) > 0;

-- name: write_acts
SELECT uit.write_acts($1, $2, $3);
