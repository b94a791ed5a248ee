-- Cards of turns: sold once, and taken turn by turn for dates. See docs/decisions/0064-a-turn-is-taken-from-a-card-that-is-a-ticket.md.

-- Each ticket for this date is a card of so many turns, good for so many months after it was sold. The date is the time in which such
-- cards are sold and are good. `shared`: whoever may book for its holder may take turns of it for others. Within `give_back_days`
-- after the sale a card of which no turn was taken can be given back.
CREATE TABLE reservations.turn_card (
    region_id integer NOT NULL,
    session_id uuid NOT NULL,
    turns smallint NOT NULL CHECK (turns BETWEEN 2 AND 100),
    months smallint NOT NULL CHECK (months BETWEEN 1 AND 36),
    shared boolean NOT NULL,
    give_back_days smallint NOT NULL CHECK (give_back_days BETWEEN 0 AND 90),
    made_at timestamptz NOT NULL,
    PRIMARY KEY (region_id, session_id),
    FOREIGN KEY (region_id, session_id) REFERENCES reservations.session (region_id, id)
);
GRANT SELECT, INSERT ON reservations.turn_card TO uit_app;

-- For which activities its turns are.
CREATE TABLE reservations.turn_card_event (
    region_id integer NOT NULL,
    event_id uuid NOT NULL,
    session_id uuid NOT NULL,
    PRIMARY KEY (region_id, event_id, session_id),
    FOREIGN KEY (region_id, event_id) REFERENCES organisers.event (region_id, id),
    FOREIGN KEY (region_id, session_id) REFERENCES reservations.turn_card (region_id, session_id)
);
CREATE INDEX event_of_turn_card ON reservations.turn_card_event (region_id, session_id);
GRANT SELECT, INSERT ON reservations.turn_card_event TO uit_app;

-- Which lines were paid with turns of which card, a turn for each of their tickets. A turn is taken as long as its ticket stands:
-- what is left is counted, and kept nowhere. Like what else a booking is made of it has no foreign keys.
CREATE TABLE reservations.turn_use (
    region_id integer NOT NULL,
    booking_id uuid NOT NULL,
    line_no smallint NOT NULL,
    card_booking_id uuid NOT NULL,
    card_line_no smallint NOT NULL,
    card_ticket_no smallint NOT NULL,
    PRIMARY KEY (region_id, booking_id, line_no)
);
CREATE INDEX turn_use_of_card ON reservations.turn_use (region_id, card_booking_id, card_line_no, card_ticket_no);
GRANT SELECT, INSERT ON reservations.turn_use TO uit_app;

INSERT INTO uit.retention (table_name, class, since) VALUES
    ('reservations.turn_card', 'scheme', NULL), ('reservations.turn_card_event', 'scheme', NULL),
    ('reservations.turn_use', 'booking', NULL)
ON CONFLICT DO NOTHING;
INSERT INTO uit.retention_follower (owner_name, table_name, column_name)
VALUES ('reservations.booking', 'reservations.turn_use', 'booking_id') ON CONFLICT DO NOTHING;

-- Which of these dates, and of those that these bookings have, are sold as cards, and which lines of these bookings took turns, in the
-- shape of `turn_card.TurnCardFacts`; NULL where there are none. Read after the locks, so it is VOLATILE.
CREATE FUNCTION reservations.turn_cards(p_region integer, p_sessions uuid[], p_bookings uuid[]) RETURNS json
LANGUAGE plpgsql VOLATILE SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
DECLARE v_dates json; v_uses json; v_sessions uuid[] := p_sessions;
BEGIN
    IF cardinality(p_bookings) > 0 THEN
        v_sessions := v_sessions || ARRAY(
            SELECT l.session_id FROM reservations.line AS l WHERE l.region_id = p_region AND l.booking_id = ANY (p_bookings)
        );
        SELECT json_agg(json_build_object('booking_id', u.booking_id, 'line_no', u.line_no, 'card', json_build_object(
            'booking_id', u.card_booking_id, 'line_no', u.card_line_no, 'ticket_no', u.card_ticket_no
        ))) INTO v_uses
        FROM reservations.turn_use AS u WHERE u.region_id = p_region AND u.booking_id = ANY (p_bookings);
    END IF;
    SELECT json_agg(x) INTO v_dates FROM (
        SELECT c.session_id, c.turns, c.months, c.shared, c.give_back_days FROM reservations.turn_card AS c
        WHERE c.region_id = p_region AND c.session_id = ANY (v_sessions)
    ) AS x;
    IF v_dates IS NULL AND v_uses IS NULL THEN
        RETURN NULL;
    END IF;
    RETURN json_build_object('dates', coalesce(v_dates, '[]'), 'uses', coalesce(v_uses, '[]'));
END $$;

-- The last moment on which a card is good that was sold then: the end of a day in Flanders.
CREATE FUNCTION reservations.card_good_until(p_sold_at timestamptz, p_months integer) RETURNS timestamptz
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT ((p_sold_at AT TIME ZONE 'Europe/Brussels')::date + make_interval(months => p_months) + interval '23:59')
        AT TIME ZONE 'Europe/Brussels';
$$;

-- The cards that were sold by these bookings, each with the turns that were taken of it and stand, and for which of these sessions its
-- turns are: a JSON document in the shape of `turn_card.TurnCard`. Read after the locks, so it is VOLATILE.
CREATE FUNCTION reservations.cards_of_turns(p_region integer, p_bookings uuid[], p_sessions uuid[]) RETURNS json
LANGUAGE plpgsql VOLATILE SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
BEGIN
    RETURN (SELECT coalesce(json_agg(x ORDER BY x.sold_at), '[]') FROM (
        SELECT json_build_object('booking_id', k.booking_id, 'line_no', k.line_no, 'ticket_no', k.no) AS key,
            json_build_object(
                'session_id', c.session_id, 'turns', c.turns, 'months', c.months, 'shared', c.shared,
                'give_back_days', c.give_back_days
            ) AS rules,
            l.holder_id, b.made_at AS sold_at, k.status IN ('confirmed', 'attended', 'no_show') AS is_good,
            (SELECT coalesce(json_agg(s.id), '[]') FROM reservations.session AS s
                JOIN reservations.turn_card_event AS e ON e.region_id = p_region AND e.event_id = s.event_id
                    AND e.session_id = c.session_id
                WHERE s.region_id = p_region AND s.id = ANY (p_sessions)) AS covers,
            (SELECT coalesce(json_agg(u), '[]') FROM (
                SELECT t.booking_id, t.line_no, t.session_id, count(*) AS turns
                FROM reservations.turn_use AS w
                JOIN reservations.ticket AS t ON t.region_id = p_region AND t.booking_id = w.booking_id
                    AND t.line_no = w.line_no AND t.status IN ('held', 'confirmed', 'attended', 'no_show')
                WHERE w.region_id = p_region AND w.card_booking_id = k.booking_id AND w.card_line_no = k.line_no
                    AND w.card_ticket_no = k.no
                GROUP BY t.booking_id, t.line_no, t.session_id
            ) AS u) AS taken
        FROM reservations.booking AS b
        JOIN reservations.line AS l ON l.region_id = p_region AND l.booking_id = b.id
        JOIN reservations.turn_card AS c ON c.region_id = p_region AND c.session_id = l.session_id
        JOIN reservations.ticket AS k ON k.region_id = p_region AND k.booking_id = b.id AND k.line_no = l.no
        WHERE b.region_id = p_region AND b.id = ANY (p_bookings)
    ) AS x);
END $$;

-- The turns that are left on the cards of these lines of a booking; NULL where they are no cards.
CREATE FUNCTION reservations.turns_left(p_region integer, p_booking uuid, p_lines smallint[]) RETURNS integer
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
        SELECT sum(c.turns - (
            SELECT count(*) FROM reservations.turn_use AS u
            JOIN reservations.ticket AS t ON t.region_id = p_region AND t.booking_id = u.booking_id AND t.line_no = u.line_no
                AND t.status IN ('held', 'confirmed', 'attended', 'no_show')
            WHERE u.region_id = p_region AND u.card_booking_id = p_booking AND u.card_line_no = k.line_no
                AND u.card_ticket_no = k.no
        ))::integer
        FROM reservations.ticket AS k
        JOIN reservations.turn_card AS c ON c.region_id = p_region AND c.session_id = k.session_id
        WHERE k.region_id = p_region AND k.booking_id = p_booking AND k.line_no = ANY (p_lines)
            AND k.status IN ('confirmed', 'attended', 'no_show')
    );
END $$;

-- How many turns these lines of a booking took, as far as their tickets stand.
CREATE FUNCTION reservations.turns_taken(p_region integer, p_booking uuid, p_lines smallint[]) RETURNS integer
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
        SELECT count(*)::integer FROM reservations.turn_use AS u
        JOIN reservations.ticket AS t ON t.region_id = p_region AND t.booking_id = u.booking_id AND t.line_no = u.line_no
            AND t.status IN ('held', 'confirmed', 'attended', 'no_show')
        WHERE u.region_id = p_region AND u.booking_id = p_booking AND u.line_no = ANY (p_lines)
    );
END $$;

-- After a batch: the lines that took turns. That no card has fewer than none left is the rule of the turnstile, said again.
CREATE FUNCTION reservations.write_turn_use(p_region integer, p_uses json) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO reservations.turn_use (region_id, booking_id, line_no, card_booking_id, card_line_no, card_ticket_no)
    SELECT p_region, r.booking_id, r.line_no, (r.card ->> 'booking_id')::uuid, (r.card ->> 'line_no')::smallint,
        (r.card ->> 'ticket_no')::smallint
    FROM json_to_recordset(p_uses) AS r (booking_id uuid, line_no smallint, card json);
    PERFORM 1
    FROM (
        SELECT DISTINCT (r.card ->> 'booking_id')::uuid AS booking_id, (r.card ->> 'line_no')::smallint AS line_no,
            (r.card ->> 'ticket_no')::smallint AS no
        FROM json_to_recordset(p_uses) AS r (card json)
    ) AS k
    JOIN reservations.ticket AS card ON card.region_id = p_region AND card.booking_id = k.booking_id
        AND card.line_no = k.line_no AND card.no = k.no
    JOIN reservations.turn_card AS c ON c.region_id = p_region AND c.session_id = card.session_id
    WHERE c.turns < (
        SELECT count(*) FROM reservations.turn_use AS u
        JOIN reservations.ticket AS t ON t.region_id = p_region AND t.booking_id = u.booking_id AND t.line_no = u.line_no
            AND t.status IN ('held', 'confirmed', 'attended', 'no_show')
        WHERE u.region_id = p_region AND u.card_booking_id = k.booking_id AND u.card_line_no = k.line_no
            AND u.card_ticket_no = k.no
    );
    IF FOUND THEN
        RAISE EXCEPTION 'a card would have fewer turns left than none'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'a_card_gives_no_more_turns_than_it_has';
    END IF;
END $$;

-- As in 0008_turnstile.sql, but what pays for a card is earned when it is sold: it is for one kind of service in one country, of which
-- the VAT is due then (Directive 2006/112, article 30b). Who gives it back in time has it undone.
CREATE OR REPLACE FUNCTION reservations.open_holds(p_region integer, p_bookings uuid[], p_doors_close interval)
RETURNS TABLE (
    id uuid, booking_id uuid, line_no smallint, amount_cents bigint, earning credits.earning_rule,
    no_show_percent smallint, lapses_at timestamptz, attended bigint, missed bigint, earned_at timestamptz
)
LANGUAGE plpgsql STABLE SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
BEGIN
    RETURN QUERY SELECT h.id, h.booking_id, h.line_no, h.amount_cents,
        CASE WHEN c.session_id IS NULL THEN v.earning ELSE 'session_end'::credits.earning_rule END, v.no_show_percent,
        p.lapses_at, people.attended, people.missed,
        CASE WHEN c.session_id IS NOT NULL THEN b.made_at ELSE CASE v.earning
            WHEN 'cancellation_limit' THEN
                CASE WHEN s.moved_at > b.made_at THEN s.starts_at ELSE least(s.cancel_until, s.ends_at) END
            WHEN 'session_end' THEN s.ends_at
            ELSE CASE
                WHEN people.missed = 0 THEN greatest(people.attended_at, s.starts_at) ELSE s.ends_at + p_doors_close
            END
        END END
    FROM reservations.booking AS b
    JOIN credits.transfer AS h ON h.region_id = p_region AND h.booking_id = b.id AND h.kind = 'hold'
    JOIN credits.purse AS p ON p.region_id = p_region AND p.id = h.purse_id
    JOIN credits.programme_version AS v
        ON v.region_id = p_region AND v.programme_id = p.programme_id AND v.version = p.version
    CROSS JOIN LATERAL (
        SELECT max(t.attended_at) AS attended_at,
            coalesce(sum(t.weight) FILTER (WHERE t.status = 'attended'), 0) AS attended,
            coalesce(sum(t.weight) FILTER (WHERE t.status IN ('confirmed', 'no_show')), 0) AS missed,
            count(*) FILTER (WHERE t.status = 'held') AS waiting
        FROM reservations.ticket AS t
        WHERE t.region_id = p_region AND t.booking_id = h.booking_id AND t.line_no = h.line_no
    ) AS people
    JOIN reservations.line AS l ON l.region_id = p_region AND l.booking_id = h.booking_id AND l.no = h.line_no
    JOIN reservations.session AS s ON s.region_id = p_region AND s.id = l.session_id
    LEFT JOIN reservations.turn_card AS c ON c.region_id = p_region AND c.session_id = l.session_id
    WHERE b.region_id = p_region AND b.id = ANY (p_bookings)
        AND people.waiting = 0 AND s.status IN ('scheduled', 'sold_elsewhere')
        AND NOT EXISTS (SELECT 1 FROM credits.resolution AS r WHERE r.region_id = p_region AND r.hold_id = h.id);
END $$;

-- As in 0061_measures_of_rooms.sql, but for cards too, which fill no room.
CREATE OR REPLACE FUNCTION reservations.cap_of(p_region integer, p_session uuid, p_licensed integer) RETURNS integer
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
    RETURN (
        SELECT min(coalesce(m.places, p_licensed * m.percent / 100))
        FROM reservations.session AS s
        JOIN organisers.event AS e ON e.region_id = p_region AND e.id = s.event_id
        LEFT JOIN organisers.venue AS v ON v.region_id = p_region AND v.id = e.venue_id
        JOIN reservations.measure AS m ON m.region_id = p_region AND m.ended_at IS NULL
            AND m.from_on <= (s.ends_at AT TIME ZONE 'Europe/Brussels')::date
            AND m.to_on >= (s.starts_at AT TIME ZONE 'Europe/Brussels')::date
            AND (m.organiser_id IS NULL OR m.organiser_id = s.organiser_id)
        WHERE s.region_id = p_region AND s.id = p_session AND s.attendance <> 'online' AND CASE m.scope
            WHEN 'region' THEN true
            WHEN 'municipality' THEN m.refnis = v.refnis
            WHEN 'organiser' THEN m.scope_id = s.organiser_id
            ELSE m.scope_id = e.venue_id
        END
        AND NOT EXISTS (
            SELECT 1 FROM reservations.turn_card AS c WHERE c.region_id = p_region AND c.session_id = p_session
        )
    );
END $$;

-- As in 0032_one_region_a_call.sql, but for what is sold as cards: an agenda has what takes place.
CREATE OR REPLACE FUNCTION reservations.refresh_listing(p_region integer, p_events uuid[], p_days date[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO reservations.listing AS known (region_id, event_id, day, domain, starts_at, ends_at, last_day)
    SELECT p_region, asked.event_id, asked.day, coalesce(found.domain, 'culture'), coalesce(found.starts_at, '-infinity'),
        coalesce(found.ends_at, '-infinity'), coalesce(greatest(asked.day, reservations.last_day(found.ends_at)), asked.day)
    FROM (SELECT DISTINCT event_id, day FROM unnest(p_events, p_days) AS pair (event_id, day)) AS asked
    CROSS JOIN LATERAL (
        SELECT min(s.domain) AS domain, min(s.starts_at) AS starts_at, max(s.ends_at) AS ends_at
        FROM reservations.session AS s
        WHERE s.region_id = p_region AND s.event_id = asked.event_id
            AND s.starts_at >= asked.day::timestamp AT TIME ZONE 'Europe/Brussels'
            AND s.starts_at < (asked.day + 1)::timestamp AT TIME ZONE 'Europe/Brussels'
            AND NOT EXISTS (SELECT 1 FROM reservations.turn_card AS c WHERE c.region_id = p_region AND c.session_id = s.id)
    ) AS found
    ORDER BY asked.event_id, asked.day
    ON CONFLICT (region_id, event_id, day) DO UPDATE SET last_day = known.last_day WHERE false;
    UPDATE reservations.listing AS known
    SET domain = found.domain, starts_at = found.starts_at, ends_at = found.ends_at,
        last_day = greatest(asked.day, reservations.last_day(found.ends_at))
    FROM (SELECT DISTINCT event_id, day FROM unnest(p_events, p_days) AS pair (event_id, day)) AS asked
    CROSS JOIN LATERAL (
        SELECT min(s.domain) AS domain, min(s.starts_at) AS starts_at, max(s.ends_at) AS ends_at
        FROM reservations.session AS s
        WHERE s.region_id = p_region AND s.event_id = asked.event_id
            AND s.starts_at >= asked.day::timestamp AT TIME ZONE 'Europe/Brussels'
            AND s.starts_at < (asked.day + 1)::timestamp AT TIME ZONE 'Europe/Brussels'
            AND NOT EXISTS (SELECT 1 FROM reservations.turn_card AS c WHERE c.region_id = p_region AND c.session_id = s.id)
    ) AS found
    WHERE known.region_id = p_region AND known.event_id = asked.event_id AND known.day = asked.day
        AND (known.domain, known.starts_at, known.ends_at) IS DISTINCT FROM (found.domain, found.starts_at, found.ends_at)
        AND found.starts_at IS NOT NULL;
    DELETE FROM reservations.listing AS l USING unnest(p_events, p_days) AS asked (event_id, day)
    WHERE l.region_id = p_region AND l.event_id = asked.event_id AND l.day = asked.day
        AND NOT EXISTS (
            SELECT 1 FROM reservations.session AS s
            WHERE s.region_id = p_region AND s.event_id = asked.event_id
                AND s.starts_at >= asked.day::timestamp AT TIME ZONE 'Europe/Brussels'
                AND s.starts_at < (asked.day + 1)::timestamp AT TIME ZONE 'Europe/Brussels'
                AND NOT EXISTS (
                    SELECT 1 FROM reservations.turn_card AS c WHERE c.region_id = p_region AND c.session_id = s.id
                )
        );
END $$;
