-- Numbered seats everywhere: tickets for several people, plans that dates get by themselves, and who is told of another seat.
-- See docs/decisions/0061-as-many-seats-as-people.md.

-- A ticket for several people has as many seats, between commas. `place_is_taken_once` cannot see these, so that who writes seats
-- looks: under the locks of the pools of a date nobody else does.
-- squawk-ignore require-concurrent-index-creation -- Nothing is in it yet: it is made in the blink of an eye.
CREATE INDEX ticket_with_several_seats ON reservations.ticket (region_id, session_id)
    WHERE seat LIKE '%,%' AND status IN ('held', 'confirmed', 'attended', 'no_show');

-- As in 0051_seats.sql, with each seat of a ticket. A seat has letters, figures and one dash: what is joined by commas is JSON with
-- quotes between, in less than half the time of an array of so many.
CREATE OR REPLACE FUNCTION reservations.seating(p_region integer, p_sessions uuid[], p_bookings uuid[]) RETURNS json
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
            SELECT coalesce('["' || replace(string_agg(gone.seat, ','), ',', '","') || '"]', '[]')::json FROM (
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

-- As in 0051_seats.sql; where a ticket of a date has several seats, none of them is another's.
CREATE OR REPLACE FUNCTION reservations.write_seats(p_region integer, p_rows json) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
DECLARE v_ids uuid[]; v_done integer; v_sessions uuid[]; v_twice text;
BEGIN
    SELECT array_agg(DISTINCT r.booking_id) INTO v_ids FROM json_to_recordset(p_rows) AS r (booking_id uuid);
    WITH seated AS (
        UPDATE reservations.ticket AS t SET seat = r.seat
        FROM json_to_recordset(p_rows) AS r (booking_id uuid, line_no smallint, no smallint, seat text)
        WHERE t.region_id = p_region AND t.booking_id = r.booking_id AND t.line_no = r.line_no AND t.no = r.no
            AND t.booking_id = ANY (v_ids)
        RETURNING t.session_id
    )
    SELECT count(*), array_agg(DISTINCT s.session_id) INTO v_done, v_sessions FROM seated AS s;
    IF v_done <> json_array_length(p_rows) THEN
        RAISE EXCEPTION 'a ticket is not there' USING ERRCODE = 'foreign_key_violation';
    END IF;
    PERFORM 1 FROM reservations.ticket AS t
    WHERE t.region_id = p_region AND t.session_id = ANY (v_sessions) AND t.seat LIKE '%,%'
        AND t.status IN ('held', 'confirmed', 'attended', 'no_show')
    LIMIT 1;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    SELECT min(x.seat) INTO v_twice FROM (
        SELECT t.session_id, unnest(string_to_array(t.seat, ',')) AS seat FROM reservations.ticket AS t
        WHERE t.region_id = p_region AND t.session_id = ANY (v_sessions) AND t.seat IS NOT NULL
            AND t.status IN ('held', 'confirmed', 'attended', 'no_show')
        GROUP BY t.session_id, unnest(string_to_array(t.seat, ','))
        HAVING count(*) > 1
    ) AS x;
    IF v_twice IS NOT NULL THEN
        RAISE EXCEPTION 'a seat is taken twice' USING ERRCODE = 'unique_violation', CONSTRAINT = 'place_is_taken_once';
    END IF;
END $$;

-- The hall whose plan new dates get: those of an activity, or of all that an organiser has at a place. An activity comes before its
-- place, also where it has none. A date may still get another plan, or none.
CREATE TABLE reservations.usual_hall (
    region_id integer NOT NULL,
    organiser_id uuid NOT NULL,
    of_kind text NOT NULL,
    of_id uuid NOT NULL,
    hall_id uuid,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (region_id, organiser_id, of_kind, of_id),
    FOREIGN KEY (region_id, organiser_id) REFERENCES organisers.organiser (region_id, id),
    CONSTRAINT a_hall_is_usual_of_an_activity_or_a_place CHECK (of_kind IN ('event', 'venue'))
);
GRANT SELECT, INSERT, UPDATE ON reservations.usual_hall TO uit_app;
INSERT INTO uit.retention (table_name, class, since) VALUES ('reservations.usual_hall', 'scheme', NULL) ON CONFLICT DO NOTHING;

-- The last plan of the hall that is usual for each of these dates. Nobody has a seat on them yet.
CREATE FUNCTION reservations.hang_usual_plans(p_region integer, p_sessions uuid[]) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    PERFORM 1 FROM reservations.usual_hall AS u WHERE u.region_id = p_region LIMIT 1;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    INSERT INTO reservations.seated_session (region_id, session_id, plan_id, hung_at)
    SELECT p_region, s.id, p.id, s.changed_at
    FROM reservations.session AS s
    JOIN organisers.event AS e ON e.region_id = p_region AND e.id = s.event_id
    LEFT JOIN reservations.usual_hall AS a
        ON a.region_id = p_region AND a.organiser_id = s.organiser_id AND a.of_kind = 'event' AND a.of_id = e.id
    LEFT JOIN reservations.usual_hall AS v
        ON v.region_id = p_region AND v.organiser_id = s.organiser_id AND v.of_kind = 'venue' AND v.of_id = e.venue_id
    JOIN reservations.seat_plan AS p
        ON p.region_id = p_region AND p.organiser_id = s.organiser_id
        AND p.hall_id = CASE WHEN a.of_id IS NULL THEN v.hall_id ELSE a.hall_id END
    WHERE s.region_id = p_region AND s.id = ANY (p_sessions) AND s.attendance <> 'online' AND p.made_at = (
        SELECT max(q.made_at) FROM reservations.seat_plan AS q
        WHERE q.region_id = p_region AND q.organiser_id = s.organiser_id AND q.hall_id = p.hall_id
    )
    ON CONFLICT (region_id, session_id) DO NOTHING;
END $$;

-- Whoever writes sessions need not think of halls.
CREATE FUNCTION reservations.seat_sessions() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    made record;
BEGIN
    FOR made IN SELECT s.region_id, array_agg(s.id) AS ids FROM new_session AS s GROUP BY s.region_id
    LOOP
        PERFORM reservations.hang_usual_plans(made.region_id, made.ids);
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER new_sessions_are_seated AFTER INSERT ON reservations.session
REFERENCING NEW TABLE AS new_session FOR EACH STATEMENT EXECUTE FUNCTION reservations.seat_sessions();
