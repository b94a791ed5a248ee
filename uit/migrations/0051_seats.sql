-- Numbered seats: plans of halls, which dates have one, and what is blocked. See docs/decisions/0053-a-seat-is-on-its-ticket.md.

-- A plan as somebody wrote it down, in the shape of `plan.PlanLine`. It never changes: a change is another plan of the same hall,
-- so that what was sold keeps what it was sold by. The last one that was made is the hall's.
CREATE TABLE reservations.seat_plan (
    region_id integer NOT NULL,
    id uuid NOT NULL,
    hall_id uuid NOT NULL,
    organiser_id uuid NOT NULL,
    venue_id uuid,
    name text NOT NULL,
    best_row text,
    lines json NOT NULL,
    seats integer NOT NULL,
    made_at timestamptz NOT NULL,
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, organiser_id) REFERENCES organisers.organiser (region_id, id),
    FOREIGN KEY (region_id, venue_id) REFERENCES organisers.venue (region_id, id),
    CONSTRAINT a_plan_has_seats CHECK (seats BETWEEN 1 AND 5000)
);
CREATE INDEX seat_plan_of_organiser ON reservations.seat_plan (region_id, organiser_id, hall_id, made_at);
GRANT SELECT, INSERT ON reservations.seat_plan TO uit_app;

-- The plan of a date. Where there is one, each of its tickets has a seat: `reservations.ticket.seat`.
CREATE TABLE reservations.seated_session (
    region_id integer NOT NULL,
    session_id uuid NOT NULL,
    plan_id uuid NOT NULL,
    hung_at timestamptz NOT NULL,
    PRIMARY KEY (region_id, session_id),
    FOREIGN KEY (region_id, session_id) REFERENCES reservations.session (region_id, id) ON DELETE CASCADE,
    FOREIGN KEY (region_id, plan_id) REFERENCES reservations.seat_plan (region_id, id)
);
CREATE INDEX seated_session_of_plan ON reservations.seated_session (region_id, plan_id);
GRANT SELECT, INSERT, UPDATE, DELETE ON reservations.seated_session TO uit_app;

-- Seats of a date that are not sold, and why, as its organiser says.
CREATE TABLE reservations.blocked_seat (
    region_id integer NOT NULL,
    session_id uuid NOT NULL,
    seat text NOT NULL,
    reason text NOT NULL,
    blocked_at timestamptz NOT NULL,
    PRIMARY KEY (region_id, session_id, seat),
    FOREIGN KEY (region_id, session_id) REFERENCES reservations.session (region_id, id) ON DELETE CASCADE
);
GRANT SELECT, INSERT, DELETE ON reservations.blocked_seat TO uit_app;

INSERT INTO uit.retention (table_name, class, since) VALUES
    ('reservations.seat_plan', 'scheme', NULL), ('reservations.seated_session', 'scheme', NULL),
    ('reservations.blocked_seat', 'scheme', NULL)
ON CONFLICT DO NOTHING;
INSERT INTO uit.unreported (table_name, column_name, reason)
VALUES ('reservations.blocked_seat', 'reason', 'Free words of an organiser.') ON CONFLICT DO NOTHING;

-- The plans of these dates, and of those in which bookings have a seat, with the seats that are not free, in the shape of
-- `facts.SeatedSession`; NULL where no date has a plan. Read after the locks, so it is VOLATILE: it sees what others committed.
CREATE FUNCTION reservations.seating(p_region integer, p_sessions uuid[], p_bookings uuid[]) RETURNS json
LANGUAGE plpgsql VOLATILE SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
DECLARE v_more uuid[]; v_seated uuid[];
BEGIN
    IF cardinality(p_bookings) > 0 THEN
        SELECT array_agg(DISTINCT t.session_id) INTO v_more FROM reservations.ticket AS t
        WHERE t.region_id = p_region AND t.booking_id = ANY (p_bookings) AND t.seat IS NOT NULL;
    END IF;
    SELECT array_agg(s.session_id) INTO v_seated FROM reservations.seated_session AS s
    WHERE s.region_id = p_region AND s.session_id = ANY (p_sessions || v_more);
    IF v_seated IS NULL THEN
        RETURN NULL;
    END IF;
    RETURN (SELECT json_agg(x) FROM (
        SELECT s.session_id, s.plan_id, (
            SELECT coalesce(json_agg(gone.seat), '[]') FROM (
                SELECT t.seat FROM reservations.ticket AS t
                WHERE t.region_id = p_region AND t.session_id = s.session_id AND t.seat IS NOT NULL
                    AND t.status IN ('held', 'confirmed', 'attended', 'no_show')
                UNION ALL
                SELECT b.seat FROM reservations.blocked_seat AS b
                WHERE b.region_id = p_region AND b.session_id = s.session_id
            ) AS gone
        ) AS gone
        FROM reservations.seated_session AS s
        WHERE s.region_id = p_region AND s.session_id = ANY (v_seated)
    ) AS x);
END $$;

-- After a batch: the seats of its new tickets. What ended before is free by then. `place_is_taken_once` says the rule again.
CREATE FUNCTION reservations.write_seats(p_region integer, p_rows json) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
DECLARE v_ids uuid[]; v_done integer;
BEGIN
    SELECT array_agg(DISTINCT r.booking_id) INTO v_ids FROM json_to_recordset(p_rows) AS r (booking_id uuid);
    UPDATE reservations.ticket AS t SET seat = r.seat
    FROM json_to_recordset(p_rows) AS r (booking_id uuid, line_no smallint, no smallint, seat text)
    WHERE t.region_id = p_region AND t.booking_id = r.booking_id AND t.line_no = r.line_no AND t.no = r.no
        AND t.booking_id = ANY (v_ids);
    GET DIAGNOSTICS v_done = ROW_COUNT;
    IF v_done <> json_array_length(p_rows) THEN
        RAISE EXCEPTION 'a ticket is not there' USING ERRCODE = 'foreign_key_violation';
    END IF;
END $$;

-- As in 0010_payments.sql, with the seat of each ticket.
CREATE OR REPLACE FUNCTION reservations.stored_bookings(p_region integer, p_ids uuid[]) RETURNS SETOF json
LANGUAGE plpgsql STABLE SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
BEGIN
    RETURN QUERY SELECT json_build_object(
        'region_id', b.region_id, 'id', b.id, 'digest', encode(b.digest, 'hex'), 'channel', b.channel,
        'by', json_build_object('kind', b.actor_kind, 'id', b.actor_id), 'made_at', b.made_at, 'held_until', b.held_until,
        'lengthened', b.lengthened, 'payments', credits.payments_of(p_region, b.id),
        'lines', (
            SELECT json_agg(x ORDER BY x.no) FROM (
                SELECT l.no, l.session_id, l.tariff_code, l.rank, l.holder_id, l.wallet_id, l.card_id, l.seller_id,
                    l.places, l.price_cents, l.credit_cents, l.vat_code, l.pool_ids, l.cancel_fee_cents, l.mandate_id,
                    (SELECT json_agg(t ORDER BY t.no) FROM (
                        SELECT t.no, t.status, t.weight, t.attended_at, t.ending AS "end", t.ended_at, t.returned_cents, t.seat
                        FROM reservations.ticket AS t
                        WHERE t.region_id = p_region AND t.booking_id = b.id AND t.line_no = l.no
                    ) AS t) AS tickets
                FROM reservations.line AS l WHERE l.region_id = p_region AND l.booking_id = b.id
            ) AS x
        ),
        'credit', (
            SELECT coalesce(json_agg(x), '[]') FROM (
                SELECT h.id AS hold_id, h.line_no, h.purse_id, h.credit_id AS held_account_id, h.payee_id,
                    coalesce(r.settled_cents, h.amount_cents) AS cents, s.id AS settle_id, p.lapses_at, v.extension_days
                FROM credits.transfer AS h
                JOIN credits.purse AS p ON p.region_id = p_region AND p.id = h.purse_id
                JOIN credits.programme_version AS v
                    ON v.region_id = p_region AND v.programme_id = p.programme_id AND v.version = p.version
                LEFT JOIN credits.resolution AS r ON r.region_id = p_region AND r.hold_id = h.id
                LEFT JOIN credits.transfer AS s
                    ON s.region_id = p_region AND s.booking_id = b.id AND s.kind = 'settle' AND s.hold_id = h.id
                WHERE h.region_id = p_region AND h.booking_id = b.id AND h.kind = 'hold'
                    AND (r.hold_id IS NULL OR r.settled_cents > 0 AND NOT EXISTS (
                        SELECT 1 FROM credits.transfer AS u
                        WHERE u.region_id = p_region AND u.booking_id = b.id AND u.kind = 'reversal' AND u.reverses_id = s.id
                    ))
            ) AS x
        )
    )
    FROM reservations.booking AS b
    WHERE b.region_id = p_region AND b.id = ANY (p_ids);
END $$;
