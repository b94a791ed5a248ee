-- What has to be shown at a door is looked at before somebody is in. See docs/decisions/0070-a-door-looks-before-it-lets-in.md.

-- Whether something is shown for a price: what reservations.label_at_door says after its name. Never for one that tells a status.
CREATE FUNCTION reservations.is_looked_at(p_region integer, p_session uuid, p_code text, p_holder uuid) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
DECLARE v_eligibility reservations.eligibility; v_asks_age boolean;
BEGIN
    SELECT f.eligibility, num_nonnulls(f.age_from, f.age_to, f.born_from, f.born_to) > 0
    INTO v_eligibility, v_asks_age
    FROM reservations.tariff AS f
    WHERE f.region_id = p_region AND f.session_id = p_session AND f.code = p_code;
    IF p_holder IS NULL AND v_asks_age THEN RETURN true; END IF;
    IF v_eligibility = 'social' THEN RETURN false; END IF;
    RETURN EXISTS (
        SELECT 1 FROM reservations.session AS s
        JOIN reservations.tariff_condition AS c ON c.region_id = p_region AND c.event_id = s.event_id AND c.code = p_code
        WHERE s.region_id = p_region AND s.id = p_session AND c.shows <> ''
    );
END $$;

-- Since when an organiser asks a name: what was booked before and has none is told from what was sold without one.
ALTER TABLE organisers.event ADD COLUMN names_asked_at timestamptz;
COMMENT ON COLUMN organisers.event.names_asked_at IS
    'Since when asks_first_name is so. NULL while it is not, and where it was from the beginning or before this was kept.';
