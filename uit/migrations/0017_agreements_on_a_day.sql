-- Which organisers take whose credit on a day: what the lists, the pages of programmes and the counter all go by.
-- Who stopped takes none. At most one row for an organiser and a programme, by one_agreement_at_a_time.
CREATE FUNCTION credits.agreements_on(p_region integer, p_day date)
RETURNS TABLE (programme_id uuid, organiser_id uuid, starts_on date)
LANGUAGE sql STABLE
AS $$
    SELECT a.programme_id, a.organiser_id, a.starts_on
    FROM credits.agreement AS a
    JOIN organisers.organiser AS o ON o.region_id = a.region_id AND o.id = a.organiser_id AND o.ended_at IS NULL
    WHERE a.region_id = p_region AND a.starts_on <= p_day AND (a.ends_on IS NULL OR a.ends_on >= p_day)
$$;
