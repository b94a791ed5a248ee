-- Who waits comes before whoever books, however a place came free. What is free where seats are numbered is what there are seats for.
-- See docs/decisions/0074-who-waits-comes-first.md.

-- How many seats of a date are sold or can be: those of its plan that are not blocked. NULL where none are numbered. Nobody sits on a
-- blocked seat, and whoever has a place has as many seats as people, so that what is taken of the room is taken of these.
CREATE FUNCTION reservations.seats_on_sale(p_region integer, p_session uuid) RETURNS integer
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE v_plan uuid;
BEGIN
    SELECT d.plan_id INTO v_plan FROM reservations.seated_session AS d WHERE d.region_id = p_region AND d.session_id = p_session;
    IF v_plan IS NULL THEN
        RETURN NULL;
    END IF;
    RETURN (SELECT p.seats FROM reservations.seat_plan AS p WHERE p.region_id = p_region AND p.id = v_plan) - (
        SELECT count(*) FROM reservations.blocked_seat AS b WHERE b.region_id = p_region AND b.session_id = p_session
    );
END $$;

-- As in 0049_places.sql; a room has no more places than seats.
CREATE OR REPLACE FUNCTION reservations.tickets_left(
    p_region integer, p_session uuid, p_pools uuid[], p_weight integer, p_least integer, p_channel text, p_client text
) RETURNS integer LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE v_left integer; v_seats integer := reservations.seats_on_sale(p_region, p_session);
BEGIN
    SELECT min(greatest(0, least(
        CASE WHEN EXISTS (
            SELECT 1 FROM reservations.measure AS m WHERE m.region_id = p_region AND m.ended_at IS NULL
        ) THEN reservations.capacity_of(p_region, p_session, p.kind, p.capacity, p.licensed_capacity) ELSE p.capacity END,
        CASE WHEN p.kind = 'room' THEN v_seats END
    )
        - p.taken - p.held + CASE WHEN p.held > 0 THEN coalesce((
            SELECT sum(greatest(0, own.capacity - own.taken))
            FROM reservations.allotment AS a
            JOIN reservations.pool AS own ON own.region_id = p_region AND own.id = a.pool_id AND own.parent_id = p.id
            WHERE a.region_id = p_region AND a.session_id = p_session AND a.released_at IS NULL
                AND a.channel::text = p_channel AND (a.client_id IS NULL OR a.client_id = p_client)
        ), 0) ELSE 0 END
    )) / p_weight INTO v_left
    FROM reservations.pool AS p WHERE p.region_id = p_region AND p.id = ANY (p_pools);
    RETURN CASE WHEN v_left < p_least THEN 0 ELSE v_left END;
END $$;

-- Whether a date has room, by the pools that each of its places draws on, under the measures in force, and by its seats.
CREATE FUNCTION reservations.has_room(p_region integer, p_session uuid, p_pools uuid[]) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
DECLARE v_seats integer := reservations.seats_on_sale(p_region, p_session);
BEGIN
    RETURN NOT EXISTS (
        SELECT 1 FROM reservations.pool AS p
        WHERE p.region_id = p_region AND p.id = ANY (p_pools) AND p.kind IN ('room', 'shared')
            AND p.taken + p.held >= least(
                reservations.capacity_of(p_region, p_session, p.kind, p.capacity, p.licensed_capacity),
                CASE WHEN p.kind = 'room' THEN v_seats END
            )
    );
END $$;

-- Whether one of these dates has room, and somebody waits for a date with room that draws on what they do. Read after the locks, so it
-- is VOLATILE. Where a date is full it does not look who waits for it: that may be a crowd.
CREATE FUNCTION reservations.somebody_waits(p_region integer, p_sessions uuid[]) RETURNS boolean
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
            SELECT DISTINCT unnest(w.session_ids) AS session_id FROM reservations.waiting_entry AS w
            WHERE w.region_id = p_region AND w.state = 'waiting' AND w.pool_ids && v_pools
        ) AS wanted
        JOIN reservations.session AS s ON s.region_id = p_region AND s.id = wanted.session_id
        WHERE s.status = 'scheduled' AND reservations.has_room(p_region, s.id, s.pool_ids)
    );
END $$;
