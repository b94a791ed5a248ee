-- Who waits comes before whoever books, however a place came free. See docs/decisions/0074-who-waits-comes-first.md.

-- Whether a date has room, by the pools that each of its places draws on, under the measures in force, and by its seats.
CREATE FUNCTION reservations.has_room(p_region integer, p_session uuid, p_pools uuid[]) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
    PERFORM 1 FROM reservations.pool AS p
    WHERE p.region_id = p_region AND p.id = ANY (p_pools) AND p.kind IN ('room', 'shared')
        AND p.taken + p.held >= reservations.capacity_of(p_region, p_session, p.kind, p.capacity, p.licensed_capacity)
    LIMIT 1;
    RETURN NOT FOUND AND reservations.seats_left(p_region, p_session) IS DISTINCT FROM 0;
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
