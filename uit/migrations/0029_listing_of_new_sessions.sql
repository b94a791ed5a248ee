-- A new session only makes a day of its event begin earlier or end later, so nothing has to be read again to list it.
-- Who takes one away meanwhile waits at the row, and reads afterwards what is there.
CREATE OR REPLACE FUNCTION reservations.list_sessions() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed record;
BEGIN
    IF tg_op = 'INSERT' THEN
        INSERT INTO reservations.listing AS known (region_id, event_id, day, domain, starts_at, ends_at, last_day)
        SELECT s.region_id, s.event_id, s.day, min(s.domain), min(s.starts_at), max(s.ends_at),
            greatest(s.day, ((max(s.ends_at) - interval '1 microsecond') AT TIME ZONE 'Europe/Brussels')::date)
        FROM (
            SELECT n.region_id, n.event_id, n.domain, n.starts_at, n.ends_at,
                (n.starts_at AT TIME ZONE 'Europe/Brussels')::date AS day
            FROM new_session AS n
        ) AS s
        GROUP BY s.region_id, s.event_id, s.day
        ORDER BY s.region_id, s.event_id, s.day
        ON CONFLICT (region_id, event_id, day) DO UPDATE
        SET domain = least(known.domain, excluded.domain), starts_at = least(known.starts_at, excluded.starts_at),
            ends_at = greatest(known.ends_at, excluded.ends_at), last_day = greatest(known.last_day, excluded.last_day)
        WHERE excluded.domain < known.domain OR excluded.starts_at < known.starts_at OR excluded.ends_at > known.ends_at;
    ELSIF tg_op = 'DELETE' THEN
        FOR changed IN
            SELECT s.region_id, array_agg(s.event_id) AS events,
                array_agg((s.starts_at AT TIME ZONE 'Europe/Brussels')::date) AS days
            FROM old_session AS s GROUP BY s.region_id
        LOOP
            PERFORM reservations.refresh_listing(changed.region_id, changed.events, changed.days);
        END LOOP;
    ELSE
        FOR changed IN
            SELECT moved.region_id, array_agg(side.event_id) AS events, array_agg(side.day) AS days
            FROM (
                SELECT s.region_id, s.event_id, s.starts_at, o.event_id AS old_event_id, o.starts_at AS old_starts_at
                FROM new_session AS s
                JOIN old_session AS o ON o.region_id = s.region_id AND o.id = s.id
                WHERE (s.event_id, s.starts_at, s.ends_at, s.domain) IS DISTINCT FROM
                    (o.event_id, o.starts_at, o.ends_at, o.domain)
            ) AS moved
            CROSS JOIN LATERAL (VALUES
                (moved.event_id, (moved.starts_at AT TIME ZONE 'Europe/Brussels')::date),
                (moved.old_event_id, (moved.old_starts_at AT TIME ZONE 'Europe/Brussels')::date)
            ) AS side (event_id, day)
            GROUP BY moved.region_id
        LOOP
            PERFORM reservations.refresh_listing(changed.region_id, changed.events, changed.days);
        END LOOP;
    END IF;
    RETURN NULL;
END $$;
