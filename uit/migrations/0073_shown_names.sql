-- Which name of who booked an organiser sees, said once. See docs/decisions/0050-what-an-organiser-sees-of-who-booked.md.

-- By which name the organiser of an activity knows who booked it at a moment: 'full', 'first', or '' for none. A name that was asked
-- later is not seen: who booked before read that it would not be.
CREATE FUNCTION organisers.name_asked(p_region integer, p_event uuid, p_booked_at timestamptz) RETURNS text
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
        SELECT CASE
            WHEN NOT e.asks_first_name OR coalesce(p_booked_at < e.names_asked_at, false) THEN ''
            WHEN NOT e.asks_full_name OR coalesce(p_booked_at < e.full_names_asked_at, false) THEN 'first'
            ELSE 'full'
        END
        FROM organisers.event AS e WHERE e.region_id = p_region AND e.id = p_event
    );
END $$;

-- The name by which its organiser knows a booking of a date: of whom its places are for, or of a guest. Empty where there is none.
CREATE FUNCTION reservations.name_for_organiser(p_region integer, p_booking uuid, p_session uuid) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE v_asked text; v_names text;
BEGIN
    SELECT organisers.name_asked(p_region, s.event_id, b.made_at) INTO v_asked
    FROM reservations.booking AS b
    JOIN reservations.session AS s ON s.region_id = p_region AND s.id = p_session
    WHERE b.region_id = p_region AND b.id = p_booking;
    IF v_asked = '' THEN
        RETURN '';
    END IF;
    SELECT string_agg(h.name, ', ' ORDER BY h.no) INTO v_names
    FROM (
        SELECT min(l.no) AS no, p.given_name || CASE WHEN v_asked = 'full' THEN ' ' || p.family_name ELSE '' END AS name
        FROM reservations.line AS l
        JOIN passes.membership AS m ON m.region_id = p_region AND m.id = l.holder_id
        JOIN identity.person AS p ON p.id = m.person_id
        WHERE l.region_id = p_region AND l.booking_id = p_booking AND l.session_id = p_session
        GROUP BY p.id
    ) AS h;
    RETURN coalesce(v_names, (
        SELECT CASE WHEN v_asked = 'full' THEN c.name ELSE split_part(c.name, ' ', 1) END
        FROM reservations.contact AS c WHERE c.region_id = p_region AND c.booking_id = p_booking
    ), '');
END $$;
