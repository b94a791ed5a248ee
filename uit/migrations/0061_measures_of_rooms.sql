-- As in 0049_places.sql, but for what is online, which fills no room.
CREATE OR REPLACE FUNCTION reservations.cap_of(p_region integer, p_session uuid, p_licensed integer) RETURNS integer
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
    RETURN (
        SELECT min(coalesce(m.places, p_licensed * m.percent / 100))
        FROM reservations.session AS s
        JOIN organisers.event AS e ON e.region_id = p_region AND e.id = s.event_id
        LEFT JOIN organisers.venue AS v ON v.region_id = p_region AND v.id = e.venue_id
        JOIN reservations.measure AS m ON m.region_id = p_region AND m.ended_at IS NULL
            AND m.from_on <= (s.ends_at AT TIME ZONE 'Europe/Brussels')::date
            AND m.to_on >= (s.starts_at AT TIME ZONE 'Europe/Brussels')::date
            AND (m.organiser_id IS NULL OR m.organiser_id = s.organiser_id)
        WHERE s.region_id = p_region AND s.id = p_session AND s.attendance <> 'online' AND CASE m.scope
            WHEN 'region' THEN true
            WHEN 'municipality' THEN m.refnis = v.refnis
            WHEN 'organiser' THEN m.scope_id = s.organiser_id
            ELSE m.scope_id = e.venue_id
        END
    );
END $$;
