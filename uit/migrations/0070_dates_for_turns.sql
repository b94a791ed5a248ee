-- What is sold in a course alone: it is booked by nobody by itself, and no turn of a card pays for it. A card is sold while a turn of it can
-- pay for a date. See docs/decisions/0064-a-turn-is-taken-from-a-card-that-is-a-ticket.md.

-- The course in which alone a date is sold; NULL where it is sold by itself.
CREATE FUNCTION reservations.only_in_course(p_region integer, p_session uuid) RETURNS uuid
LANGUAGE plpgsql STABLE
AS $$
BEGIN
    RETURN (
        SELECT c.id FROM reservations.course_date AS d
        JOIN reservations.course AS c ON c.region_id = p_region AND c.id = d.course_id AND c.choice_least IS DISTINCT FROM 1
        WHERE d.region_id = p_region AND d.session_id = p_session
    );
END $$;

-- Until when dates of these activities are on sale: those that are sold by themselves, for which a turn can pay, and those that are sold
-- in a course alone.
CREATE FUNCTION reservations.dates_for_turns(
    p_region integer, p_events uuid[], OUT alone_until timestamptz, OUT in_course_until timestamptz
)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
BEGIN
    SELECT max(s.sale_closes_at) FILTER (WHERE c.id IS NULL), max(s.sale_closes_at) FILTER (WHERE c.id IS NOT NULL)
    INTO alone_until, in_course_until
    FROM reservations.session AS s
    LEFT JOIN reservations.course_date AS d ON d.region_id = p_region AND d.session_id = s.id
    LEFT JOIN reservations.course AS c ON c.region_id = p_region AND c.id = d.course_id AND c.choice_least IS DISTINCT FROM 1
    WHERE s.region_id = p_region AND s.event_id = ANY (p_events) AND s.status = 'scheduled';
END $$;

-- Whether a turn can pay for a date of these activities, or may later: not where all dates that are to come are sold in courses alone.
CREATE FUNCTION reservations.takes_turns(p_region integer, p_events uuid[], p_now timestamptz) RETURNS boolean
LANGUAGE plpgsql STABLE
AS $$
DECLARE v_alone timestamptz; v_in_course timestamptz;
BEGIN
    SELECT d.alone_until, d.in_course_until INTO v_alone, v_in_course FROM reservations.dates_for_turns(p_region, p_events) AS d;
    RETURN coalesce(v_alone > p_now, false) OR NOT coalesce(v_in_course > p_now, false);
END $$;

-- As it was, and with it until when there are dates for the turns of what is sold as cards of these dates.
CREATE OR REPLACE FUNCTION reservations.turn_cards(p_region integer, p_sessions uuid[], p_bookings uuid[]) RETURNS json
LANGUAGE plpgsql VOLATILE SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
DECLARE v_dates json; v_uses json; v_for_turns json; v_sessions uuid[] := p_sessions;
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
    IF v_dates IS NOT NULL THEN
        SELECT json_agg(x) INTO v_for_turns FROM (
            SELECT c.session_id, d.alone_until, d.in_course_until
            FROM reservations.turn_card AS c
            CROSS JOIN LATERAL reservations.dates_for_turns(p_region, ARRAY(
                SELECT e.event_id FROM reservations.turn_card_event AS e WHERE e.region_id = p_region AND e.session_id = c.session_id
            )) AS d
            WHERE c.region_id = p_region AND c.session_id = ANY (p_sessions)
        ) AS x;
    END IF;
    RETURN json_build_object(
        'dates', coalesce(v_dates, '[]'), 'uses', coalesce(v_uses, '[]'), 'for_turns', coalesce(v_for_turns, '[]')
    );
END $$;
