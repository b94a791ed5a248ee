-- A pass shows the age of one person: whoever comes along shows it at the door. See
-- docs/decisions/0073-a-pass-shows-the-age-of-one.md.

-- Whether a ticket is for somebody whose age no pass showed. Of the tickets that a holder has of a date, at prices for their age or
-- at the social one, the first is theirs; who brings a group knows how old they are.
CREATE FUNCTION reservations.shows_age(p_region integer, p_booking uuid, p_line smallint, p_ticket smallint) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
DECLARE v_holder uuid; v_session uuid; v_day date; v_asks boolean; v_born date; v_own boolean;
BEGIN
    SELECT l.holder_id, l.session_id, (s.starts_at AT TIME ZONE 'Europe/Brussels')::date,
        num_nonnulls(f.age_from, f.age_to, f.born_from, f.born_to) > 0
    INTO v_holder, v_session, v_day, v_asks
    FROM reservations.line AS l
    JOIN reservations.session AS s ON s.region_id = p_region AND s.id = l.session_id
    JOIN reservations.tariff AS f ON f.region_id = p_region AND f.session_id = l.session_id AND f.code = l.tariff_code
    WHERE l.region_id = p_region AND l.booking_id = p_booking AND l.no = p_line;
    IF v_asks IS NOT TRUE THEN RETURN false; END IF;
    IF v_holder IS NULL THEN RETURN true; END IF;
    SELECT p.born_on INTO v_born
    FROM passes.membership AS m
    JOIN identity.person AS p ON p.id = m.person_id
    WHERE m.region_id = p_region AND m.id = v_holder;
    IF NOT FOUND THEN RETURN false; END IF;
    SELECT (t.booking_id, t.line_no, t.no) = (p_booking, p_line, p_ticket) INTO v_own
    FROM reservations.line AS l
    JOIN reservations.booking AS b ON b.region_id = p_region AND b.id = l.booking_id
    JOIN reservations.tariff AS f ON f.region_id = p_region AND f.session_id = l.session_id AND f.code = l.tariff_code
    JOIN reservations.ticket AS t ON t.region_id = p_region AND t.booking_id = l.booking_id AND t.line_no = l.no
    WHERE l.region_id = p_region AND l.holder_id = v_holder AND l.session_id = v_session
        AND t.status IN ('held', 'confirmed', 'attended', 'no_show')
        AND (f.eligibility = 'social' OR num_nonnulls(f.age_from, f.age_to, f.born_from, f.born_to) > 0)
        AND reservations.age_fits(v_born, v_day, f.age_from, f.age_to, f.born_from, f.born_to)
    ORDER BY f.eligibility <> 'social', b.made_at, t.booking_id, t.line_no, t.no
    LIMIT 1;
    RETURN v_own IS NOT TRUE;
END $$;

-- Whether somebody is of an age on a day, as `uit.core.age` says it: all ends are included, NULL is no bound, and who has no date
-- of birth is within no bounds.
CREATE FUNCTION reservations.age_fits(
    p_born date, p_day date, p_age_from smallint, p_age_to smallint, p_born_from date, p_born_to date
) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE v_age integer := date_part('year', age(p_day, p_born));
BEGIN
    RETURN num_nonnulls(p_age_from, p_age_to, p_born_from, p_born_to) = 0 OR coalesce(
        v_age BETWEEN coalesce(p_age_from, 0) AND coalesce(p_age_to, 1000)
        AND p_born BETWEEN coalesce(p_born_from, '-infinity') AND coalesce(p_born_to, 'infinity'),
        false
    );
END $$;

-- What a door and a ticket say of a price, as in 0064_ages_at_the_door.sql, by the ticket.
CREATE FUNCTION reservations.label_at_door(p_region integer, p_booking uuid, p_line smallint, p_ticket smallint) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE v_session uuid; v_code text; v_eligibility reservations.eligibility; v_name text;
BEGIN
    SELECT l.session_id, l.tariff_code, f.eligibility, f.name INTO v_session, v_code, v_eligibility, v_name
    FROM reservations.line AS l
    JOIN reservations.tariff AS f ON f.region_id = p_region AND f.session_id = l.session_id AND f.code = l.tariff_code
    WHERE l.region_id = p_region AND l.booking_id = p_booking AND l.no = p_line;
    RETURN concat_ws(
        ' · ', nullif(reservations.label_at_door(p_region, v_session, v_code, v_eligibility, v_name), ''),
        CASE WHEN reservations.shows_age(p_region, p_booking, p_line, p_ticket) THEN 'toon je leeftijd' END
    );
END $$;

-- Whether something is shown for a ticket, which its label says after its name; a door looks at it before somebody is in. Never
-- for a price that tells a status. See docs/decisions/0070-a-door-looks-before-it-lets-in.md.
CREATE FUNCTION reservations.is_looked_at(p_region integer, p_booking uuid, p_line smallint, p_ticket smallint) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN reservations.shows_age(p_region, p_booking, p_line, p_ticket) OR EXISTS (
        SELECT 1 FROM reservations.line AS l
        JOIN reservations.session AS s ON s.region_id = p_region AND s.id = l.session_id
        JOIN reservations.tariff AS f ON f.region_id = p_region AND f.session_id = l.session_id AND f.code = l.tariff_code
        JOIN reservations.tariff_condition AS c ON c.region_id = p_region AND c.event_id = s.event_id AND c.code = f.code
        WHERE l.region_id = p_region AND l.booking_id = p_booking AND l.no = p_line
            AND f.eligibility <> 'social' AND c.shows <> ''
    );
END $$;

-- How many seats of a date are neither taken nor blocked; NULL where they are not numbered.
CREATE FUNCTION reservations.seats_left(p_region integer, p_session uuid) RETURNS integer
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE v_seats integer;
BEGIN
    SELECT p.seats INTO v_seats
    FROM reservations.seated_session AS s
    JOIN reservations.seat_plan AS p ON p.region_id = p_region AND p.id = s.plan_id
    WHERE s.region_id = p_region AND s.session_id = p_session;
    IF v_seats IS NULL THEN RETURN NULL; END IF;
    RETURN greatest(0, v_seats - (
        SELECT count(*)::integer FROM (
            SELECT unnest(string_to_array(t.seat, ',')) AS seat
            FROM reservations.ticket AS t
            WHERE t.region_id = p_region AND t.session_id = p_session AND t.seat IS NOT NULL
                AND t.status IN ('held', 'confirmed', 'attended', 'no_show')
            UNION
            SELECT b.seat FROM reservations.blocked_seat AS b WHERE b.region_id = p_region AND b.session_id = p_session
        ) AS gone
    ));
END $$;

-- As in 0049_places.sql, and no more than there are seats where these are numbered.
CREATE OR REPLACE FUNCTION reservations.tickets_left(
    p_region integer, p_session uuid, p_pools uuid[], p_weight integer, p_least integer, p_channel text, p_client text
) RETURNS integer LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE v_left integer;
BEGIN
    SELECT min(greatest(0,
        CASE WHEN EXISTS (
            SELECT 1 FROM reservations.measure AS m WHERE m.region_id = p_region AND m.ended_at IS NULL
        ) THEN reservations.capacity_of(p_region, p_session, p.kind, p.capacity, p.licensed_capacity) ELSE p.capacity END
        - p.taken - p.held + CASE WHEN p.held > 0 THEN coalesce((
            SELECT sum(greatest(0, own.capacity - own.taken))
            FROM reservations.allotment AS a
            JOIN reservations.pool AS own ON own.region_id = p_region AND own.id = a.pool_id AND own.parent_id = p.id
            WHERE a.region_id = p_region AND a.session_id = p_session AND a.released_at IS NULL
                AND a.channel::text = p_channel AND (a.client_id IS NULL OR a.client_id = p_client)
        ), 0) ELSE 0 END
    )) INTO v_left
    FROM reservations.pool AS p WHERE p.region_id = p_region AND p.id = ANY (p_pools);
    IF v_left > 0 THEN
        v_left := least(v_left, reservations.seats_left(p_region, p_session)) / p_weight;
    END IF;
    RETURN CASE WHEN v_left < p_least THEN 0 ELSE v_left END;
END $$;
