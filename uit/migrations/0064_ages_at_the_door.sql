-- A price for an age is sold to who shows no pass, and the door looks at the age. See docs/decisions/0022-for-whom-and-for-how-many.md.

-- What a door and a ticket say of a price: what it is called there, as in 0054_tariff_conditions.sql, and whether an age is seen.
CREATE FUNCTION reservations.label_at_door(p_region integer, p_session uuid, p_code text, p_holder uuid) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE v_eligibility reservations.eligibility; v_name text; v_asks_age boolean;
BEGIN
    SELECT f.eligibility, f.name, num_nonnulls(f.age_from, f.age_to, f.born_from, f.born_to) > 0
    INTO v_eligibility, v_name, v_asks_age
    FROM reservations.tariff AS f
    WHERE f.region_id = p_region AND f.session_id = p_session AND f.code = p_code;
    RETURN concat_ws(
        ' · ', nullif(reservations.label_at_door(p_region, p_session, p_code, v_eligibility, v_name), ''),
        CASE WHEN p_holder IS NULL AND v_asks_age THEN 'toon je leeftijd' END
    );
END $$;
