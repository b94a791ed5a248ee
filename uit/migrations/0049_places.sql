-- One truth about free places: what a line draws on, caps, and places that are set apart.
-- See docs/decisions/0051-what-a-line-draws-on.md.

-- Sessions with their tariffs, in the shape of `facts.Session`. As `pool_facts`, it is called by `reservations.facts`, whose
-- settings it keeps, once for all sessions: a call for each costs 20 µs a session.
CREATE FUNCTION reservations.session_facts(p_region integer, p_sessions uuid[], p_every_tariff boolean) RETURNS json
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT json_agg(x) FROM (
        SELECT s.id, s.organiser_id, s.domain, s.attendance, s.status, s.starts_at, s.ends_at,
            s.sale_opens_at, s.sale_closes_at, s.cancel_until, s.pool_ids, s.moved_at,
            (SELECT json_agg(t) FROM (
                SELECT code, price_cents, eligibility, age_from, age_to, pool_ids, rank, vat_code, weight, least,
                    born_from, born_to
                FROM reservations.tariff AS t
                WHERE t.region_id = p_region AND t.session_id = s.id AND t.active AND (
                    p_every_tariff
                    OR t.weight = 1 AND t.least = 1 AND t.born_from IS NULL AND t.born_to IS NULL
                )
            ) AS t) AS tariffs, credits.seller_terms(p_region, s.organiser_id) AS terms
        FROM reservations.session AS s
        WHERE s.region_id = p_region AND s.id = ANY (p_sessions)
    ) AS x);
END $$;

-- The pools of sessions and those in `p_more`, in the shape of `facts.Pool`.
CREATE FUNCTION reservations.pool_facts(p_region integer, p_sessions uuid[], p_more uuid[]) RETURNS json
LANGUAGE plpgsql STABLE AS $$
DECLARE v_pools uuid[];
BEGIN
    SELECT array_agg(drawn.pool_id) INTO v_pools
    FROM reservations.session AS s CROSS JOIN LATERAL unnest(s.pool_ids) AS drawn (pool_id)
    WHERE s.region_id = p_region AND s.id = ANY (p_sessions);
    RETURN (SELECT json_agg(x) FROM (
        SELECT p.id, p.licensed_capacity, p.capacity, p.taken, p.held, p.kind,
            CASE WHEN p.kind = 'room' AND EXISTS (
                SELECT 1 FROM reservations.measure AS m WHERE m.region_id = p_region AND m.ended_at IS NULL
            ) THEN (
                SELECT min(reservations.cap_of(p_region, s.id, p.licensed_capacity)) FROM reservations.session AS s
                WHERE s.region_id = p_region AND s.id = ANY (p_sessions) AND p.id = ANY (s.pool_ids)
            ) END AS cap,
            CASE WHEN p.kind = 'allotment' THEN (
                SELECT json_build_object('pool_id', p.parent_id, 'channel', a.channel, 'client_id', a.client_id)
                FROM reservations.allotment AS a
                WHERE a.region_id = p_region AND a.pool_id = p.id AND a.released_at IS NULL
            ) END AS allotment
        FROM reservations.pool AS p
        WHERE p.region_id = p_region AND p.id = ANY (v_pools || p_more)
    ) AS x);
END $$;

-- As in 0034_one_each.sql, with sessions and pools by functions of their own.
CREATE OR REPLACE FUNCTION reservations.facts(
    p_region integer, p_sessions uuid[], p_bookings uuid[], p_cards uuid[], p_members uuid[], p_cancellations uuid[],
    p_every_tariff boolean
) RETURNS json
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
DECLARE
    v_bookings uuid[]; v_elsewhere uuid[]; v_sessions uuid[] := p_sessions; v_pools uuid[]; v_more uuid[];
    v_stored json; v_holders json; v_purses json; v_admissions json;
    v_cancellations json; v_personal json; v_social uuid[]; v_codes text[];
BEGIN
    SELECT array_agg(d.key) FILTER (WHERE d.region_id = p_region), array_agg(d.key) FILTER (WHERE d.region_id <> p_region)
    INTO v_bookings, v_elsewhere
    FROM uit.directory AS d WHERE d.kind = 'booking' AND d.key = ANY (p_bookings);

    IF v_bookings IS NOT NULL THEN
        SELECT json_agg(stored) INTO v_stored FROM reservations.stored_bookings(p_region, v_bookings) AS stored;
        SELECT array_agg(l.session_id) INTO v_more
        FROM reservations.line AS l WHERE l.region_id = p_region AND l.booking_id = ANY (v_bookings);
        v_sessions := v_sessions || v_more;
        SELECT array_agg(drawn.pool_id) INTO v_pools
        FROM reservations.line AS l CROSS JOIN LATERAL unnest(l.pool_ids) AS drawn (pool_id)
        WHERE l.region_id = p_region AND l.booking_id = ANY (v_bookings);
        IF cardinality(p_cancellations) > 0 THEN
            SELECT json_agg(json_build_object('id', c.id, 'digest', encode(c.digest, 'hex'))) INTO v_cancellations
            FROM reservations.cancellation AS c WHERE c.region_id = p_region AND c.id = ANY (p_cancellations);
        END IF;
    END IF;

    IF cardinality(p_cards) + cardinality(p_members) > 0 THEN
        -- Where a price is one each, so that what a holder has at others is not read.
        SELECT array_agg(DISTINCT t.session_id), array_agg(DISTINCT t.code) INTO v_social, v_codes
        FROM reservations.tariff AS t
        WHERE t.region_id = p_region AND t.session_id = ANY (v_sessions) AND t.eligibility = 'social';

        WITH wanted AS (
            SELECT c.membership_id, c.id AS card_id, c.token_version, c.state = 'active' AS card_active
            FROM passes.card AS c WHERE c.region_id = p_region AND c.id = ANY (p_cards)
            UNION ALL
            SELECT membership_id, NULL, NULL, NULL FROM unnest(p_members) AS m (membership_id)
        ), holder AS (
            SELECT w.membership_id AS id, w.card_id, w.token_version, w.card_active,
                m.status = 'active' AS active, m.ends_on, m.social_until, person.born_on
            FROM wanted AS w
            JOIN passes.membership AS m ON m.region_id = p_region AND m.id = w.membership_id
            JOIN identity.person AS person ON person.id = m.person_id
        ), purse AS (
            SELECT p.id, p.held_account_id, p.wallet_id, p.programme_id, p.available_cents, p.lapses_at,
                v.domains, v.attendance, v.ceiling_cents
            FROM credits.purse AS p
            JOIN credits.programme_version AS v
                ON v.region_id = p_region AND v.programme_id = p.programme_id AND v.version = p.version
            WHERE p.region_id = p_region AND p.wallet_id IN (SELECT id FROM holder)
                AND (p.available_cents > 0 OR p.held_cents > 0 OR v_bookings IS NOT NULL AND p.spent_cents > 0)
        )
        SELECT (SELECT json_agg(holder) FROM holder), (SELECT json_agg(purse) FROM purse),
            (SELECT json_agg(x) FROM (
                SELECT DISTINCT a.programme_id, a.organiser_id, a.starts_on, a.ends_on
                FROM credits.agreement AS a
                WHERE a.region_id = p_region AND a.organiser_id IN (
                    SELECT s.organiser_id FROM reservations.session AS s
                    WHERE s.region_id = p_region AND s.id = ANY (v_sessions)
                )
            ) AS x), (SELECT json_agg(x) FROM (
                SELECT l.session_id, l.holder_id, l.booking_id, l.no AS line_no, count(*) AS places
                FROM reservations.line AS l
                JOIN reservations.tariff AS t ON t.region_id = p_region AND t.session_id = l.session_id
                    AND t.code = l.tariff_code AND t.eligibility = 'social'
                JOIN reservations.ticket AS k ON k.region_id = p_region AND k.booking_id = l.booking_id
                    AND k.line_no = l.no AND k.status IN ('held', 'confirmed', 'attended', 'no_show')
                WHERE l.region_id = p_region AND l.holder_id IN (SELECT id FROM holder)
                    AND l.session_id = ANY (v_social) AND l.tariff_code = ANY (v_codes)
                GROUP BY l.session_id, l.holder_id, l.booking_id, l.no
            ) AS x)
        INTO v_holders, v_purses, v_admissions, v_personal;
    END IF;

    RETURN json_build_object(
        'bookings', coalesce(v_stored, '[]'), 'elsewhere', coalesce(to_json(v_elsewhere), '[]'),
        'sessions', coalesce(reservations.session_facts(p_region, v_sessions, p_every_tariff), '[]'),
        'pools', coalesce(reservations.pool_facts(p_region, v_sessions, v_pools), '[]'),
        'holders', coalesce(v_holders, '[]'), 'purses', coalesce(v_purses, '[]'),
        'admissions', coalesce(v_admissions, '[]'), 'cancellations', coalesce(v_cancellations, '[]'),
        'personal', coalesce(v_personal, '[]')
    );
END $$;

-- What a pool is: a room, a part of it, places that are set apart for a channel, or places that sessions share.
-- A version of before knows none of these and draws on all that a tariff names, which is right.
ALTER TABLE reservations.pool
    ADD COLUMN kind text NOT NULL DEFAULT 'room',
    ADD CONSTRAINT a_pool_has_a_known_kind
    CHECK (kind IN ('room', 'part', 'wheelchair', 'companion', 'allotment', 'shared')) NOT VALID;
UPDATE reservations.pool SET kind = 'part' WHERE parent_id IS NOT NULL;

-- Places of a room that are set apart for one channel, or one client of the API, until a moment. Its pool counts all live
-- tickets of that channel, and has as many as are set apart for `capacity`; what is left of those stands in `held` of the room.
CREATE TABLE reservations.allotment (
    region_id integer NOT NULL,
    pool_id uuid NOT NULL,
    session_id uuid NOT NULL,
    channel reservations.channel NOT NULL,
    client_id text,
    places integer NOT NULL,
    release_at timestamptz NOT NULL,
    made_at timestamptz NOT NULL,
    released_at timestamptz,
    unsold integer,
    PRIMARY KEY (region_id, pool_id),
    FOREIGN KEY (region_id, pool_id) REFERENCES reservations.pool (region_id, id),
    FOREIGN KEY (region_id, session_id) REFERENCES reservations.session (region_id, id),
    CONSTRAINT a_client_is_of_the_api CHECK (client_id IS NULL OR channel = 'api'),
    CONSTRAINT an_allotment_has_places CHECK (places BETWEEN 1 AND 999999)
);
CREATE UNIQUE INDEX one_allotment_a_channel ON reservations.allotment (region_id, session_id, channel, coalesce(client_id, ''))
WHERE released_at IS NULL;
CREATE INDEX allotment_to_release ON reservations.allotment (release_at, region_id) WHERE released_at IS NULL;
CREATE INDEX allotment_of_session ON reservations.allotment (region_id, session_id);
COMMENT ON COLUMN reservations.allotment.client_id IS 'The client for which it is; NULL with the channel `api`: every client.';
COMMENT ON COLUMN reservations.allotment.unsold IS 'How many went back on sale when it was released.';
GRANT SELECT, INSERT, UPDATE ON reservations.allotment TO uit_app;

-- Places that sessions of several organisers share, as at a festival or in a building. Who makes them asks others, and each
-- hangs its own sessions under them. `organiser_id` NULL: the region made them.
CREATE TABLE reservations.shared_pool (
    region_id integer NOT NULL,
    pool_id uuid NOT NULL,
    organiser_id uuid,
    made_at timestamptz NOT NULL,
    PRIMARY KEY (region_id, pool_id),
    FOREIGN KEY (region_id, pool_id) REFERENCES reservations.pool (region_id, id),
    FOREIGN KEY (region_id, organiser_id) REFERENCES organisers.organiser (region_id, id)
);
CREATE INDEX shared_pool_of_organiser ON reservations.shared_pool (region_id, organiser_id);
CREATE TABLE reservations.sharing (
    region_id integer NOT NULL,
    pool_id uuid NOT NULL,
    organiser_id uuid NOT NULL,
    asked_at timestamptz NOT NULL,
    agreed_at timestamptz,
    PRIMARY KEY (region_id, pool_id, organiser_id),
    FOREIGN KEY (region_id, pool_id) REFERENCES reservations.shared_pool (region_id, pool_id),
    FOREIGN KEY (region_id, organiser_id) REFERENCES organisers.organiser (region_id, id)
);
CREATE INDEX sharing_of_organiser ON reservations.sharing (region_id, organiser_id);
GRANT SELECT, INSERT ON reservations.shared_pool TO uit_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON reservations.sharing TO uit_app;

-- A cap: for some days fewer people in a room than it may hold. It changes no pool and no booking.
-- With `organiser_id` an organiser took it, for sessions of its own alone; else the region did.
CREATE TABLE reservations.measure (
    region_id integer NOT NULL REFERENCES uit.region,
    id uuid NOT NULL,
    scope text NOT NULL,
    scope_id uuid,
    refnis text REFERENCES uit.municipality,
    organiser_id uuid,
    places integer,
    percent smallint,
    from_on date NOT NULL,
    to_on date NOT NULL,
    reason text NOT NULL,
    taken_by uuid NOT NULL,
    taken_at timestamptz NOT NULL,
    ended_at timestamptz,
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, organiser_id) REFERENCES organisers.organiser (region_id, id),
    CONSTRAINT a_measure_has_a_known_scope CHECK (scope IN ('region', 'municipality', 'organiser', 'venue')),
    CONSTRAINT a_measure_names_what_it_is_for CHECK (
        (scope_id IS NOT NULL) = (scope IN ('organiser', 'venue')) AND (refnis IS NOT NULL) = (scope = 'municipality')
    ),
    CONSTRAINT a_measure_is_a_number_or_a_percentage CHECK (num_nonnulls(places, percent) = 1),
    CONSTRAINT a_measure_lowers CHECK (coalesce(places, 0) >= 0 AND coalesce(percent, 0) BETWEEN 0 AND 100),
    CONSTRAINT a_measure_ends_after_it_starts CHECK (to_on >= from_on)
);
CREATE INDEX measure_in_force ON reservations.measure (region_id, to_on) WHERE ended_at IS NULL;
GRANT SELECT, INSERT, UPDATE ON reservations.measure TO uit_app;

INSERT INTO uit.retention (table_name, class, since) VALUES
    ('reservations.allotment', 'scheme', NULL), ('reservations.shared_pool', 'scheme', NULL),
    ('reservations.sharing', 'scheme', NULL), ('reservations.measure', 'scheme', NULL);

-- How many people the measures of a region leave in a room, on the days of a session; NULL where none is in force.
CREATE FUNCTION reservations.cap_of(p_region integer, p_session uuid, p_licensed integer) RETURNS integer
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
        WHERE s.region_id = p_region AND s.id = p_session AND CASE m.scope
            WHEN 'region' THEN true
            WHEN 'municipality' THEN m.refnis = v.refnis
            WHEN 'organiser' THEN m.scope_id = s.organiser_id
            ELSE m.scope_id = e.venue_id
        END
    );
END $$;

-- How many people a pool takes for a session, under the measures in force: a room alone is capped, and what is in it with it.
-- Every figure of free places goes by this.
CREATE FUNCTION reservations.capacity_of(
    p_region integer, p_session uuid, p_kind text, p_capacity integer, p_licensed integer
) RETURNS integer LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
    IF p_kind <> 'room' OR NOT EXISTS (
        SELECT 1 FROM reservations.measure AS m WHERE m.region_id = p_region AND m.ended_at IS NULL
    ) THEN
        RETURN p_capacity;
    END IF;
    RETURN least(p_capacity, reservations.cap_of(p_region, p_session, p_licensed));
END $$;

-- As in 0025_listing.sql, of a session: under the measures in force, and with what is set apart for who asks.
CREATE FUNCTION reservations.tickets_left(
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
    )) / p_weight INTO v_left
    FROM reservations.pool AS p WHERE p.region_id = p_region AND p.id = ANY (p_pools);
    RETURN CASE WHEN v_left < p_least THEN 0 ELSE v_left END;
END $$;

-- As in 0008_turnstile.sql. A session that came to draw on other pools while they were waited for is locked anew.
CREATE OR REPLACE FUNCTION reservations.lock(
    p_region integer, p_sessions uuid[], p_closing uuid[], p_cards uuid[], p_members uuid[]
) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
DECLARE v_pools uuid[]; v_wallets uuid[]; v_more uuid[]; v_now uuid[];
BEGIN
    IF cardinality(p_closing) > 0 THEN
        PERFORM FROM reservations.booking AS b WHERE b.region_id = p_region AND b.id = ANY (p_closing)
        ORDER BY b.id FOR NO KEY UPDATE OF b;
        SELECT array_agg(l.wallet_id) INTO v_wallets
        FROM reservations.line AS l WHERE l.region_id = p_region AND l.booking_id = ANY (p_closing);
        SELECT array_agg(drawn.pool_id) INTO v_more
        FROM reservations.line AS l CROSS JOIN LATERAL unnest(l.pool_ids) AS drawn (pool_id)
        WHERE l.region_id = p_region AND l.booking_id = ANY (p_closing);
    END IF;

    SELECT array_agg(drawn.pool_id ORDER BY s.id, drawn.pool_id) INTO v_pools
    FROM reservations.session AS s CROSS JOIN LATERAL unnest(s.pool_ids) AS drawn (pool_id)
    WHERE s.region_id = p_region AND s.id = ANY (p_sessions);
    PERFORM FROM reservations.pool AS p WHERE p.region_id = p_region AND p.id = ANY (v_pools || v_more)
    ORDER BY p.id FOR NO KEY UPDATE OF p;
    SELECT array_agg(drawn.pool_id ORDER BY s.id, drawn.pool_id) INTO v_now
    FROM reservations.session AS s CROSS JOIN LATERAL unnest(s.pool_ids) AS drawn (pool_id)
    WHERE s.region_id = p_region AND s.id = ANY (p_sessions);
    IF v_now IS DISTINCT FROM v_pools THEN
        RAISE EXCEPTION 'a session draws on other pools now' USING ERRCODE = 'serialization_failure';
    END IF;

    IF cardinality(p_cards) > 0 THEN
        SELECT array_agg(c.membership_id) INTO v_more
        FROM passes.card AS c WHERE c.region_id = p_region AND c.id = ANY (p_cards);
        v_wallets := v_wallets || v_more;
    END IF;
    PERFORM credits.lock_wallets(p_region, p_members || v_wallets);
END $$;
