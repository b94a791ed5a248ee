-- Who was let in by mistake can be put right as long as nothing was earned by it. So what coming earns is earned when the
-- session starts at the earliest: until then nobody has been anywhere, and it may still be called off.
CREATE OR REPLACE FUNCTION reservations.open_holds(p_regions integer[], p_bookings uuid[], p_doors_close interval)
RETURNS TABLE (
    region_id integer, id uuid, booking_id uuid, line_no smallint, amount_cents bigint, earning credits.earning_rule,
    no_show_percent smallint, lapses_at timestamptz, attended bigint, missed bigint, earned_at timestamptz
)
LANGUAGE sql STABLE SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
    SELECT h.region_id, h.id, h.booking_id, h.line_no, h.amount_cents, v.earning, v.no_show_percent, p.lapses_at,
        people.attended, people.missed,
        CASE v.earning
            WHEN 'cancellation_limit' THEN least(s.cancel_until, s.ends_at)
            WHEN 'session_end' THEN s.ends_at
            ELSE CASE
                WHEN people.missed = 0 THEN greatest(people.attended_at, s.starts_at) ELSE s.ends_at + p_doors_close
            END
        END
    FROM unnest(p_regions, p_bookings) AS k (region_id, booking_id)
    JOIN credits.transfer AS h ON h.region_id = k.region_id AND h.booking_id = k.booking_id AND h.kind = 'hold'
    JOIN credits.purse AS p ON p.region_id = h.region_id AND p.id = h.purse_id
    JOIN credits.programme_version AS v
        ON v.region_id = p.region_id AND v.programme_id = p.programme_id AND v.version = p.version
    CROSS JOIN LATERAL (
        SELECT max(t.attended_at) AS attended_at,
            coalesce(sum(t.weight) FILTER (WHERE t.status = 'attended'), 0) AS attended,
            coalesce(sum(t.weight) FILTER (WHERE t.status IN ('confirmed', 'no_show')), 0) AS missed,
            count(*) FILTER (WHERE t.status = 'held') AS waiting
        FROM reservations.ticket AS t
        WHERE t.region_id = h.region_id AND t.booking_id = h.booking_id AND t.line_no = h.line_no
    ) AS people
    JOIN reservations.line AS l ON l.region_id = h.region_id AND l.booking_id = h.booking_id AND l.no = h.line_no
    JOIN reservations.session AS s ON s.region_id = l.region_id AND s.id = l.session_id
    WHERE people.waiting = 0 AND s.status <> 'cancelled'
        AND NOT EXISTS (SELECT FROM credits.resolution AS r WHERE r.region_id = h.region_id AND r.hold_id = h.id);
$$;

-- Check-ins that were a mistake. A late repeat of one is found here, and does not use the ticket again.
CREATE TABLE reservations.checkin_taken_back (
    region_id integer NOT NULL,
    booking_id uuid NOT NULL,
    line_no smallint NOT NULL,
    ticket_no smallint NOT NULL,
    checkin_id uuid NOT NULL,
    PRIMARY KEY (region_id, booking_id, line_no, ticket_no, checkin_id)
);
GRANT SELECT, INSERT ON reservations.checkin_taken_back TO uit_app;
INSERT INTO uit.retention (table_name, class, since) VALUES ('reservations.checkin_taken_back', 'booking', NULL);
INSERT INTO uit.retention_follower (owner_name, table_name, column_name) VALUES
    ('reservations.booking', 'reservations.checkin_taken_back', 'booking_id');
