-- Who waits may wait for a place for a wheelchair, and comes first only where they could have what they want. See
-- docs/decisions/0075-who-waits-for-a-wheelchair.md.

-- How many seats of a date are for a wheelchair and neither taken nor blocked; NULL where seats are not numbered. In the lines of a
-- plan, which are in the shape of `plan.PlanLine`, a number that is missing is no seat.
CREATE FUNCTION reservations.wheelchairs_left(p_region integer, p_session uuid) RETURNS integer
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE v_lines json; v_seats text[];
BEGIN
    SELECT p.lines INTO v_lines
    FROM reservations.seated_session AS s
    JOIN reservations.seat_plan AS p ON p.region_id = p_region AND p.id = s.plan_id
    WHERE s.region_id = p_region AND s.session_id = p_session;
    IF NOT FOUND THEN RETURN NULL; END IF;
    SELECT array_agg((l.line ->> 'name') || '-' || w.no) INTO v_seats
    FROM json_array_elements(v_lines) AS l (line)
    CROSS JOIN LATERAL json_array_elements_text(coalesce(l.line -> 'wheelchair', '[]')) AS w (no)
    WHERE NOT coalesce((l.line -> 'missing')::jsonb, '[]') @> to_jsonb(w.no::integer);
    IF v_seats IS NULL THEN RETURN 0; END IF;
    RETURN (SELECT count(*)::integer FROM (
        SELECT unnest(v_seats)
        EXCEPT
        SELECT unnest(string_to_array(t.seat, ',')) FROM reservations.ticket AS t
        WHERE t.region_id = p_region AND t.session_id = p_session AND t.seat IS NOT NULL
            AND t.status IN ('held', 'confirmed', 'attended', 'no_show')
        EXCEPT
        SELECT b.seat FROM reservations.blocked_seat AS b WHERE b.region_id = p_region AND b.session_id = p_session
    ) AS free);
END $$;

-- Whether a date has what is wanted: so many places at these prices in every pool that they draw on, under the measures in force, and
-- seats of the kind that is needed. `p_lines` are in the shape of `entry.WantedPlaces`. Where what is too few is kept, something of
-- one of these prices is enough; for a wheelchair nothing is kept.
CREATE FUNCTION reservations.could_have(p_region integer, p_session uuid, p_lines jsonb, p_keeps boolean) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
DECLARE v_people integer; v_wheelchairs integer; v_keeps boolean; v_seats integer; v_theirs integer;
BEGIN
    SELECT sum((x.line ->> 'places')::integer * t.weight), sum(coalesce((x.line ->> 'wheelchairs')::integer, 0))
    INTO v_people, v_wheelchairs
    FROM jsonb_array_elements(p_lines) AS x (line)
    JOIN reservations.tariff AS t
        ON t.region_id = p_region AND t.session_id = p_session AND t.code = x.line ->> 'tariff';
    IF v_people IS NULL THEN RETURN false; END IF;
    v_keeps := p_keeps AND v_wheelchairs = 0;
    v_seats := reservations.seats_left(p_region, p_session);
    IF v_seats IS NOT NULL THEN
        v_theirs := reservations.wheelchairs_left(p_region, p_session);
        IF v_theirs < v_wheelchairs
            OR v_seats - v_theirs < (CASE WHEN v_keeps THEN 1 ELSE v_people - v_wheelchairs END) THEN
            RETURN false;
        END IF;
    END IF;
    IF v_keeps THEN
        RETURN EXISTS (
            SELECT 1 FROM jsonb_array_elements(p_lines) AS x (line)
            JOIN reservations.tariff AS t
                ON t.region_id = p_region AND t.session_id = p_session AND t.code = x.line ->> 'tariff'
            WHERE NOT EXISTS (
                SELECT 1 FROM reservations.pool AS p
                WHERE p.region_id = p_region AND p.id = ANY (t.pool_ids) AND p.kind <> 'allotment'
                    AND reservations.capacity_of(p_region, p_session, p.kind, p.capacity, p.licensed_capacity) - p.taken - p.held
                        < t.weight
            )
        );
    END IF;
    RETURN NOT EXISTS (
        SELECT 1 FROM (
            SELECT drawn.pool_id, sum((x.line ->> 'places')::integer * t.weight) AS places
            FROM jsonb_array_elements(p_lines) AS x (line)
            JOIN reservations.tariff AS t
                ON t.region_id = p_region AND t.session_id = p_session AND t.code = x.line ->> 'tariff'
            CROSS JOIN LATERAL unnest(t.pool_ids) AS drawn (pool_id)
            GROUP BY drawn.pool_id
        ) AS wanted
        JOIN reservations.pool AS p ON p.region_id = p_region AND p.id = wanted.pool_id AND p.kind <> 'allotment'
        WHERE reservations.capacity_of(p_region, p_session, p.kind, p.capacity, p.licensed_capacity) - p.taken - p.held
            < wanted.places
    );
END $$;

-- Whether one of these dates has what is wanted, or with `p_all` each of them: of those that are still sold at `p_now`, or where that
-- is NULL of all.
CREATE FUNCTION reservations.have_room_for(
    p_region integer, p_sessions uuid[], p_lines jsonb, p_keeps boolean, p_all boolean, p_now timestamptz
) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
DECLARE v_dates integer; v_with_room integer;
BEGIN
    SELECT count(*), count(*) FILTER (WHERE CASE
        WHEN reservations.has_room(p_region, s.id, s.pool_ids)
            THEN reservations.could_have(p_region, s.id, p_lines, p_keeps) ELSE false END
    ) INTO v_dates, v_with_room
    FROM reservations.session AS s
    WHERE s.region_id = p_region AND s.id = ANY (p_sessions) AND s.status = 'scheduled'
        AND (p_now IS NULL OR s.sale_closes_at > p_now);
    RETURN v_with_room > 0 AND (NOT p_all OR v_with_room = v_dates);
END $$;

-- As in 0069_who_waits_comes_first.sql, for who waits and could have what they want. Who wants the same is looked at once.
CREATE OR REPLACE FUNCTION reservations.somebody_waits(p_region integer, p_sessions uuid[]) RETURNS boolean
LANGUAGE plpgsql VOLATILE AS $$
DECLARE v_pools uuid[];
BEGIN
    PERFORM 1 FROM reservations.waiting_entry AS w WHERE w.region_id = p_region AND w.state = 'waiting' LIMIT 1;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    SELECT array_agg(DISTINCT drawn.pool_id) INTO v_pools
    FROM reservations.session AS s CROSS JOIN LATERAL unnest(s.pool_ids) AS drawn (pool_id)
    WHERE s.region_id = p_region AND s.id = ANY (p_sessions) AND reservations.has_room(p_region, s.id, s.pool_ids);
    IF v_pools IS NULL THEN
        RETURN false;
    END IF;
    RETURN EXISTS (
        SELECT 1 FROM (
            SELECT DISTINCT w.session_ids, reservations.only_places(w.lines) AS lines,
                w.course_id IS NULL AND e.waiting_rule = 'keep' AS keeps
            FROM reservations.waiting_entry AS w
            JOIN organisers.event AS e ON e.region_id = p_region AND e.id = w.event_id
            WHERE w.region_id = p_region AND w.state = 'waiting' AND w.pool_ids && v_pools
        ) AS wanted
        WHERE reservations.have_room_for(p_region, wanted.session_ids, wanted.lines, wanted.keeps, false, NULL)
    );
END $$;

-- What somebody wants, without who comes.
CREATE FUNCTION reservations.only_places(p_lines jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT jsonb_agg(x.line - '{membership_id,has_code}'::text[]) FROM jsonb_array_elements(p_lines) AS x (line);
$$;
