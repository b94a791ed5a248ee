-- Functions that a region's tables, spread over servers, can answer. What a trigger does, it does region by region: there it
-- runs beside the rows that changed, and reaches no other region. See decision 0036.

-- A moment so much later. Adding an interval is STABLE, since a day is not always 24 hours; here it is, so this is IMMUTABLE,
-- and an UPDATE of a spread table may ask it about a column.
CREATE FUNCTION uit.later(p_at timestamptz, p_by interval) RETURNS timestamptz
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
    RETURN p_at + make_interval(secs => extract(epoch FROM p_by)::double precision);
END $$;

CREATE OR REPLACE FUNCTION reservations.remember_erased() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO reservations.erased_places AS e (region_id, pool_id, places)
    SELECT OLD.region_id, drawn.pool_id, sum(t.weight)
    FROM reservations.line AS l
    JOIN reservations.ticket AS t ON t.region_id = OLD.region_id AND t.booking_id = l.booking_id AND t.line_no = l.no
    CROSS JOIN LATERAL unnest(l.pool_ids) AS drawn (pool_id)
    WHERE l.region_id = OLD.region_id AND l.booking_id = OLD.id
        AND t.status IN ('held', 'confirmed', 'attended', 'no_show')
    GROUP BY drawn.pool_id
    ON CONFLICT (region_id, pool_id) DO UPDATE SET places = e.places + excluded.places;
    RETURN OLD;
END $$;

-- The last day of what ends then: what ends at midnight is over the day before.
CREATE FUNCTION reservations.last_day(p_ends_at timestamptz) RETURNS date
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
    RETURN ((p_ends_at AT TIME ZONE 'Europe/Brussels') - interval '1 microsecond')::date;
END $$;

-- Lists new sessions: they only make a day of their event begin earlier or end later, so nothing has to be read again. Who
-- takes one away meanwhile waits at the row, and reads afterwards what is there. The arrays are of one length.
CREATE FUNCTION reservations.list_new(
    p_region integer, p_events uuid[], p_domains organisers.domain[], p_starts timestamptz[], p_ends timestamptz[]
) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO reservations.listing AS known (region_id, event_id, day, domain, starts_at, ends_at, last_day)
    SELECT p_region, s.event_id, s.day, min(s.domain), min(s.starts_at), max(s.ends_at),
        greatest(s.day, reservations.last_day(max(s.ends_at)))
    FROM (
        SELECT n.event_id, n.domain, n.starts_at, n.ends_at, (n.starts_at AT TIME ZONE 'Europe/Brussels')::date AS day
        FROM unnest(p_events, p_domains, p_starts, p_ends) AS n (event_id, domain, starts_at, ends_at)
    ) AS s
    GROUP BY s.event_id, s.day
    ORDER BY s.event_id, s.day
    ON CONFLICT (region_id, event_id, day) DO UPDATE
    SET domain = least(known.domain, excluded.domain), starts_at = least(known.starts_at, excluded.starts_at),
        ends_at = greatest(known.ends_at, excluded.ends_at), last_day = greatest(known.last_day, excluded.last_day)
    WHERE excluded.domain < known.domain OR excluded.starts_at < known.starts_at OR excluded.ends_at > known.ends_at;
END $$;

CREATE OR REPLACE FUNCTION reservations.list_sessions() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed record;
BEGIN
    IF tg_op = 'INSERT' THEN
        FOR changed IN
            SELECT s.region_id, array_agg(s.event_id) AS events, array_agg(s.domain) AS domains,
                array_agg(s.starts_at) AS starts, array_agg(s.ends_at) AS ends
            FROM new_session AS s GROUP BY s.region_id
        LOOP
            PERFORM reservations.list_new(
                changed.region_id, changed.events, changed.domains, changed.starts, changed.ends
            );
        END LOOP;
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

-- Puts the rows of these days of these events right. Both arrays are of one length; a pair may come twice.
-- Who changes the same day at the same time waits at its row, made for that where there is none, and the statements after
-- that one see what the other did.
CREATE OR REPLACE FUNCTION reservations.refresh_listing(p_region integer, p_events uuid[], p_days date[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO reservations.listing AS known (region_id, event_id, day, domain, starts_at, ends_at, last_day)
    SELECT p_region, asked.event_id, asked.day, coalesce(found.domain, 'culture'), coalesce(found.starts_at, '-infinity'),
        coalesce(found.ends_at, '-infinity'), coalesce(greatest(asked.day, reservations.last_day(found.ends_at)), asked.day)
    FROM (SELECT DISTINCT event_id, day FROM unnest(p_events, p_days) AS pair (event_id, day)) AS asked
    CROSS JOIN LATERAL (
        SELECT min(s.domain) AS domain, min(s.starts_at) AS starts_at, max(s.ends_at) AS ends_at
        FROM reservations.session AS s
        WHERE s.region_id = p_region AND s.event_id = asked.event_id
            AND s.starts_at >= asked.day::timestamp AT TIME ZONE 'Europe/Brussels'
            AND s.starts_at < (asked.day + 1)::timestamp AT TIME ZONE 'Europe/Brussels'
    ) AS found
    ORDER BY asked.event_id, asked.day
    ON CONFLICT (region_id, event_id, day) DO UPDATE SET last_day = known.last_day WHERE false;
    UPDATE reservations.listing AS known
    SET domain = found.domain, starts_at = found.starts_at, ends_at = found.ends_at,
        last_day = greatest(asked.day, reservations.last_day(found.ends_at))
    FROM (SELECT DISTINCT event_id, day FROM unnest(p_events, p_days) AS pair (event_id, day)) AS asked
    CROSS JOIN LATERAL (
        SELECT min(s.domain) AS domain, min(s.starts_at) AS starts_at, max(s.ends_at) AS ends_at
        FROM reservations.session AS s
        WHERE s.region_id = p_region AND s.event_id = asked.event_id
            AND s.starts_at >= asked.day::timestamp AT TIME ZONE 'Europe/Brussels'
            AND s.starts_at < (asked.day + 1)::timestamp AT TIME ZONE 'Europe/Brussels'
    ) AS found
    WHERE known.region_id = p_region AND known.event_id = asked.event_id AND known.day = asked.day
        AND (known.domain, known.starts_at, known.ends_at) IS DISTINCT FROM (found.domain, found.starts_at, found.ends_at)
        AND found.starts_at IS NOT NULL;
    DELETE FROM reservations.listing AS l USING unnest(p_events, p_days) AS asked (event_id, day)
    WHERE l.region_id = p_region AND l.event_id = asked.event_id AND l.day = asked.day
        AND NOT EXISTS (
            SELECT 1 FROM reservations.session AS s
            WHERE s.region_id = p_region AND s.event_id = asked.event_id
                AND s.starts_at >= asked.day::timestamp AT TIME ZONE 'Europe/Brussels'
                AND s.starts_at < (asked.day + 1)::timestamp AT TIME ZONE 'Europe/Brussels'
        );
END $$;

-- Puts the words right of all events of these organisers, at these venues, in these towns.
CREATE FUNCTION reservations.find_organisers(p_region integer, p_organisers uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM reservations.refresh_words(p_region, ARRAY(
        SELECT e.id FROM organisers.event AS e WHERE e.region_id = p_region AND e.organiser_id = ANY (p_organisers)
    ));
END $$;

CREATE FUNCTION reservations.find_venues(p_region integer, p_venues uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM reservations.refresh_words(p_region, ARRAY(
        SELECT e.id FROM organisers.event AS e WHERE e.region_id = p_region AND e.venue_id = ANY (p_venues)
    ));
END $$;

CREATE FUNCTION reservations.find_towns(p_region integer, p_towns text[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM reservations.find_venues(p_region, ARRAY(
        SELECT v.id FROM organisers.venue AS v WHERE v.region_id = p_region AND v.refnis = ANY (p_towns)
    ));
END $$;

CREATE OR REPLACE FUNCTION reservations.find_events_of_organiser() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed record;
BEGIN
    FOR changed IN
        SELECT n.region_id, array_agg(n.id) AS ids
        FROM new_organiser AS n
        JOIN old_organiser AS o ON o.region_id = n.region_id AND o.id = n.id AND o.name <> n.name
        GROUP BY n.region_id
    LOOP
        PERFORM reservations.find_organisers(changed.region_id, changed.ids);
    END LOOP;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION reservations.find_events_at_venue() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed record;
BEGIN
    FOR changed IN
        SELECT n.region_id, array_agg(n.id) AS ids
        FROM new_venue AS n
        JOIN old_venue AS o ON o.region_id = n.region_id AND o.id = n.id
        WHERE (o.name, o.locality, o.postal_code, o.refnis) IS DISTINCT FROM (n.name, n.locality, n.postal_code, n.refnis)
        GROUP BY n.region_id
    LOOP
        PERFORM reservations.find_venues(changed.region_id, changed.ids);
    END LOOP;
    RETURN NULL;
END $$;

-- On a cluster every node would run this one beside its copy of the towns, so `python -m uit distribute` takes the trigger
-- away; who renames a town there calls `reservations.find_towns` for each region.
CREATE OR REPLACE FUNCTION reservations.find_events_in_town() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    v_towns text[];
    here record;
BEGIN
    SELECT array_agg(n.refnis) INTO v_towns
    FROM new_town AS n
    JOIN old_town AS o ON o.refnis = n.refnis
    WHERE (o.name, o.name_fr, o.postal_codes) IS DISTINCT FROM (n.name, n.name_fr, n.postal_codes);
    IF v_towns IS NOT NULL THEN
        FOR here IN SELECT r.id AS region_id FROM uit.region AS r ORDER BY r.id LOOP
            PERFORM reservations.find_towns(here.region_id, v_towns);
        END LOOP;
    END IF;
    RETURN NULL;
END $$;

-- What the provider keeps of a payment, and what it pays out: the transfers that are not there yet, with their entries. Rows are
-- {id, kind, from_id, to_id, cents, booking_id, payment_id, reference}. Whether one is new is read under the lock of who sells,
-- and not from what an INSERT left out: on a cluster that says nothing.
CREATE FUNCTION credits.write_provider_transfers(p_region integer, p_sellers uuid[], p_rows json, p_now timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE v_new json;
BEGIN
    PERFORM 1 FROM credits.seller AS s
    WHERE s.region_id = p_region AND s.organiser_id = ANY (p_sellers) ORDER BY s.organiser_id FOR NO KEY UPDATE;
    SELECT json_agg(n.value) INTO v_new FROM (
        SELECT DISTINCT ON (e.value ->> 'id') e.value FROM json_array_elements(p_rows) AS e (value)
        WHERE NOT EXISTS (
            SELECT 1 FROM credits.transfer AS t WHERE t.region_id = p_region AND t.id = (e.value ->> 'id')::uuid
        )
    ) AS n;
    IF v_new IS NULL THEN RETURN; END IF;
    WITH moved AS (
        INSERT INTO credits.transfer
            (region_id, id, kind, debit_id, credit_id, amount_cents, at, booking_id, payment_id, reference)
        SELECT p_region, w.id, w.kind, CASE WHEN w.cents > 0 THEN w.from_id ELSE w.to_id END,
            CASE WHEN w.cents > 0 THEN w.to_id ELSE w.from_id END, abs(w.cents), p_now, w.booking_id, w.payment_id, w.reference
        FROM json_to_recordset(v_new) AS w (
            id uuid, kind credits.transfer_kind, from_id uuid, to_id uuid, cents bigint, booking_id uuid, payment_id uuid,
            reference text
        )
        RETURNING id, debit_id, credit_id, amount_cents
    )
    INSERT INTO credits.entry (region_id, account_id, transfer_id, amount_cents)
    SELECT p_region, credit_id, id, amount_cents FROM moved
    UNION ALL
    SELECT p_region, debit_id, id, -amount_cents FROM moved;
END $$;

-- What the provider keeps of a payment moves from card to fee, once.
CREATE FUNCTION credits.write_fee(
    p_region integer, p_payment uuid, p_id uuid, p_cents bigint, p_reference text, p_now timestamptz
) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE v_seller uuid; v_row json;
BEGIN
    SELECT s.organiser_id, json_build_array(json_build_object(
        'id', p_id, 'kind', 'fee', 'from_id', s.card_account_id, 'to_id', s.fee_account_id, 'cents', p_cents,
        'booking_id', p.booking_id, 'payment_id', p.id, 'reference', p_reference
    ))
    INTO v_seller, v_row
    FROM credits.payment AS p
    JOIN credits.seller AS s ON s.region_id = p_region AND s.organiser_id = p.seller_id
    WHERE p.region_id = p_region AND p.id = p_payment;
    IF v_seller IS NOT NULL THEN
        PERFORM credits.write_provider_transfers(p_region, ARRAY[v_seller], v_row, p_now);
    END IF;
END $$;

CREATE OR REPLACE FUNCTION credits.store_provider_entries(p_region integer, p_rows json, p_now timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE v_sellers uuid[]; v_wanted json;
BEGIN
    INSERT INTO credits.provider_entry
        (region_id, id, seller_id, kind, amount_cents, fee_cents, reference, booking_id, transfer_id, made_at)
    SELECT p_region, r.id, r.seller_id, r.kind, r.amount_cents, r.fee_cents, r.reference, r.booking_id, r.transfer_id, r.made_at
    FROM json_to_recordset(p_rows) AS r (
        id text, seller_id uuid, kind text, amount_cents bigint, fee_cents bigint, reference text, booking_id uuid, transfer_id uuid,
        made_at timestamptz
    )
    ON CONFLICT (region_id, id) DO NOTHING;
    WITH asked AS (
        SELECT r.*, s.card_account_id, s.fee_account_id, s.bank_account_id
        FROM json_to_recordset(p_rows) AS r (
            seller_id uuid, amount_cents bigint, fee_cents bigint, reference text, booking_id uuid, payment_id uuid,
            transfer_id uuid, fee_id uuid
        )
        JOIN credits.seller AS s ON s.region_id = p_region AND s.organiser_id = r.seller_id
    ), wanted AS (
        SELECT a.fee_id AS id, 'fee' AS kind, a.card_account_id AS from_id, a.fee_account_id AS to_id, a.fee_cents AS cents,
            a.booking_id, a.payment_id, a.reference
        FROM asked AS a WHERE a.fee_id IS NOT NULL AND a.fee_cents <> 0
        UNION ALL
        SELECT a.transfer_id, 'card_payout', a.card_account_id, a.bank_account_id, -a.amount_cents, NULL, NULL, a.reference
        FROM asked AS a WHERE a.transfer_id IS NOT NULL
    )
    SELECT (SELECT array_agg(DISTINCT a.seller_id) FROM asked AS a), (SELECT json_agg(w) FROM wanted AS w)
    INTO v_sellers, v_wanted;
    IF v_wanted IS NOT NULL THEN
        PERFORM credits.write_provider_transfers(p_region, v_sellers, v_wanted, p_now);
    END IF;
END $$;
