-- A price for an age is sold to who shows no pass, and the door looks at the age. See docs/decisions/0022-for-whom-and-for-how-many.md.

-- What a door and a ticket say of a line: what its price is called there, as in 0054_tariff_conditions.sql, and whether an age is seen.
CREATE FUNCTION reservations.label_at_door(p_region integer, p_line reservations.line, p_tariff reservations.tariff)
RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
    v_label text := reservations.label_at_door(
        p_region, p_line.session_id, p_tariff.code, p_tariff.eligibility, p_tariff.name
    );
    v_asks_age boolean := num_nonnulls(p_tariff.age_from, p_tariff.age_to, p_tariff.born_from, p_tariff.born_to) > 0;
BEGIN
    RETURN concat_ws(
        ' · ', nullif(v_label, ''), CASE WHEN p_line.holder_id IS NULL AND v_asks_age THEN 'toon je leeftijd' END
    );
END $$;
