-- How one booking travels: lock, read the facts in a later statement, decide outside, write set-based; and when the
-- credit that it put aside is earned. See docs/decisions/0004-turnstile-verbs-and-locks.md.
-- As in 0006_credits.sql, by index and with a plan that is made once.

-- Locks in one order everywhere: bookings, pools, wallets, each by (region_id, id). `p_closing`: bookings that give
-- something back.
CREATE FUNCTION reservations.lock(
    p_session_regions integer[], p_sessions uuid[], p_closing uuid[],
    p_card_regions integer[], p_cards uuid[], p_member_regions integer[], p_members uuid[]
) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
DECLARE
    v_regions integer[]; v_bookings uuid[]; v_sessions uuid[]; v_session_regions integer[];
    v_wallet_regions integer[]; v_wallets uuid[];
BEGIN
    SELECT array_agg(region_id), array_agg(key) INTO v_regions, v_bookings
    FROM uit.directory WHERE kind = 'booking' AND key = ANY (p_closing);

    IF v_bookings IS NOT NULL THEN
        PERFORM FROM reservations.booking AS b
        JOIN unnest(v_regions, v_bookings) AS k (region_id, id) USING (region_id, id)
        ORDER BY b.region_id, b.id FOR NO KEY UPDATE OF b;
        SELECT array_agg(l.region_id), array_agg(l.session_id) INTO v_session_regions, v_sessions
        FROM reservations.line AS l
        JOIN unnest(v_regions, v_bookings) AS k (region_id, id) ON l.region_id = k.region_id AND l.booking_id = k.id;
        SELECT array_agg(b.holder_region_id), array_agg(b.holder_id) INTO v_wallet_regions, v_wallets
        FROM reservations.booking AS b
        JOIN unnest(v_regions, v_bookings) AS k (region_id, id) USING (region_id, id)
        WHERE b.holder_id IS NOT NULL;
    END IF;

    PERFORM FROM reservations.pool AS p
    WHERE (p.region_id, p.id) IN (
        SELECT s.region_id, unnest(s.pool_ids) FROM reservations.session AS s
        JOIN unnest(p_session_regions || v_session_regions, p_sessions || v_sessions) AS k (region_id, id)
            USING (region_id, id)
    )
    ORDER BY p.region_id, p.id FOR NO KEY UPDATE OF p;

    SELECT p_member_regions || v_wallet_regions || array_agg(c.region_id),
        p_members || v_wallets || array_agg(c.membership_id)
    INTO v_wallet_regions, v_wallets
    FROM passes.card AS c JOIN unnest(p_card_regions, p_cards) AS k (region_id, id) USING (region_id, id);
    PERFORM credits.lock_wallets(v_wallet_regions, v_wallets);
END $$;

-- Everything that `decide` needs to know, as one JSON document in the shape of `Facts`.
CREATE FUNCTION reservations.facts(
    p_session_regions integer[], p_sessions uuid[], p_bookings uuid[],
    p_card_regions integer[], p_cards uuid[], p_member_regions integer[], p_members uuid[]
) RETURNS json
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
DECLARE
    v_regions integer[]; v_bookings uuid[]; v_session_regions integer[] := p_session_regions; v_sessions uuid[] := p_sessions;
    v_stored json; v_sessions_json json; v_pools json; v_holders json; v_purses json; v_admissions json;
BEGIN
    SELECT array_agg(region_id), array_agg(key) INTO v_regions, v_bookings
    FROM uit.directory WHERE kind = 'booking' AND key = ANY (p_bookings);

    IF v_bookings IS NOT NULL THEN
        SELECT json_agg(stored) INTO v_stored FROM reservations.stored_bookings(v_regions, v_bookings) AS stored;
        SELECT v_session_regions || array_agg(l.region_id), v_sessions || array_agg(l.session_id)
        INTO v_session_regions, v_sessions
        FROM reservations.line AS l
        JOIN unnest(v_regions, v_bookings) AS k (region_id, id) ON l.region_id = k.region_id AND l.booking_id = k.id;
    END IF;

    SELECT json_agg(x) INTO v_sessions_json FROM (
        SELECT s.region_id, s.id, s.organiser_id, s.domain, s.attendance, s.status, s.starts_at, s.ends_at,
            s.sale_opens_at, s.sale_closes_at, s.cancel_until, s.pool_ids,
            (SELECT json_agg(t) FROM (
                SELECT code, price_cents, eligibility, age_from, age_to, pool_ids, rank, vat_code
                FROM reservations.tariff AS t
                WHERE t.region_id = s.region_id AND t.session_id = s.id AND t.active
            ) AS t) AS tariffs
        FROM reservations.session AS s
        WHERE (s.region_id, s.id) IN (SELECT * FROM unnest(v_session_regions, v_sessions))
    ) AS x;

    SELECT json_agg(x) INTO v_pools FROM (
        SELECT p.region_id, p.id, p.licensed_capacity, p.capacity, p.taken, p.held
        FROM reservations.pool AS p
        WHERE (p.region_id, p.id) IN (
            SELECT s.region_id, unnest(s.pool_ids) FROM reservations.session AS s
            WHERE (s.region_id, s.id) IN (SELECT * FROM unnest(v_session_regions, v_sessions))
        )
    ) AS x;

    IF cardinality(p_cards) + cardinality(p_members) > 0 THEN
        WITH wanted AS (
            SELECT c.region_id, c.membership_id, c.id AS card_id, c.token_version, c.state = 'active' AS card_active
            FROM passes.card AS c JOIN unnest(p_card_regions, p_cards) AS k (region_id, id) USING (region_id, id)
            UNION ALL
            SELECT region_id, membership_id, NULL, NULL, NULL
            FROM unnest(p_member_regions, p_members) AS m (region_id, membership_id)
        ), holder AS (
            SELECT w.region_id, w.membership_id AS id, w.card_id, w.token_version, w.card_active,
                m.status = 'active' AS active, m.ends_on, m.social_until, person.born_on
            FROM wanted AS w
            JOIN passes.membership AS m ON m.region_id = w.region_id AND m.id = w.membership_id
            JOIN identity.person AS person ON person.id = m.person_id
        ), purse AS (
            SELECT p.region_id, p.id, p.held_account_id, p.wallet_id, p.programme_id, p.available_cents, p.lapses_at,
                v.domains, v.attendance, v.ceiling_cents
            FROM credits.purse AS p
            JOIN credits.programme_version AS v
                ON v.region_id = p.region_id AND v.programme_id = p.programme_id AND v.version = p.version
            WHERE (p.region_id, p.wallet_id) IN (SELECT region_id, id FROM holder)
                AND (p.available_cents > 0 OR p.held_cents > 0)
        )
        SELECT (SELECT json_agg(holder) FROM holder), (SELECT json_agg(purse) FROM purse),
            (SELECT json_agg(x) FROM (
                SELECT DISTINCT a.region_id, a.programme_id, a.organiser_id, a.starts_on, a.ends_on
                FROM credits.agreement AS a
                WHERE (a.region_id, a.organiser_id) IN (
                    SELECT s.region_id, s.organiser_id FROM reservations.session AS s
                    WHERE (s.region_id, s.id) IN (SELECT * FROM unnest(v_session_regions, v_sessions))
                )
            ) AS x)
        INTO v_holders, v_purses, v_admissions;
    END IF;

    RETURN json_build_object(
        'bookings', coalesce(v_stored, '[]'), 'sessions', coalesce(v_sessions_json, '[]'),
        'pools', coalesce(v_pools, '[]'), 'holders', coalesce(v_holders, '[]'),
        'purses', coalesce(v_purses, '[]'), 'admissions', coalesce(v_admissions, '[]')
    );
END $$;

-- Bookings as they stand, whole: lines, tickets and the holds that nobody resolved yet.
CREATE FUNCTION reservations.stored_bookings(p_regions integer[], p_ids uuid[]) RETURNS SETOF json
LANGUAGE sql STABLE SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
    SELECT json_build_object(
        'region_id', b.region_id, 'id', b.id, 'digest', encode(b.digest, 'hex'), 'channel', b.channel,
        'client_id', b.client_id, 'holder_region_id', b.holder_region_id, 'holder_id', b.holder_id,
        'booked_by', b.booked_by, 'card_id', b.card_id, 'made_at', b.made_at, 'held_until', b.held_until,
        'lines', (
            SELECT json_agg(x ORDER BY x.no) FROM (
                SELECT l.no, l.session_id, l.tariff_code, l.rank, l.seller_id, l.places, l.price_cents, l.credit_cents,
                    l.vat_code, l.pool_ids,
                    (SELECT json_agg(t ORDER BY t.no) FROM (
                        SELECT t.no, t.status, t.weight, t.attended_at FROM reservations.ticket AS t
                        WHERE t.region_id = l.region_id AND t.booking_id = l.booking_id AND t.line_no = l.no
                    ) AS t) AS tickets
                FROM reservations.line AS l WHERE l.region_id = b.region_id AND l.booking_id = b.id
            ) AS x
        ),
        'holds', (
            SELECT coalesce(json_agg(x), '[]') FROM (
                SELECT h.id, h.line_no, h.purse_id, h.amount_cents, h.payee_id
                FROM credits.transfer AS h
                WHERE h.region_id = b.region_id AND h.booking_id = b.id AND h.kind = 'hold'
                    AND NOT EXISTS (
                        SELECT FROM credits.resolution AS r WHERE r.region_id = h.region_id AND r.hold_id = h.id
                    )
            ) AS x
        )
    )
    FROM reservations.booking AS b
    JOIN unnest(p_regions, p_ids) AS k (region_id, id) ON b.region_id = k.region_id AND b.id = k.id;
$$;

-- VOLATILE, so that the facts are read under a snapshot taken after the locks were won: one round trip, two statements.
CREATE FUNCTION reservations.lock_and_read(
    p_session_regions integer[], p_sessions uuid[], p_bookings uuid[], p_closing uuid[],
    p_card_regions integer[], p_cards uuid[], p_member_regions integer[], p_members uuid[]
) RETURNS json
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM reservations.lock(
        p_session_regions, p_sessions, p_closing, p_card_regions, p_cards, p_member_regions, p_members
    );
    RETURN reservations.facts(
        p_session_regions, p_sessions, p_bookings, p_card_regions, p_cards, p_member_regions, p_members
    );
END $$;

-- Write what was decided for a whole batch. Each schema owns its writer; a deviation from the facts is an error.
CREATE FUNCTION reservations.write(
    p_now timestamptz, p_bookings json, p_lines json, p_tickets json, p_closed json, p_pools json, p_capacities json,
    p_holds json, p_resolutions json, p_outbox json, p_acts json
) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
DECLARE v_asked integer; v_done integer;
BEGIN
    IF p_bookings IS NOT NULL THEN
        PERFORM uit.write_directory('booking', p_bookings);
        INSERT INTO reservations.booking
            (region_id, id, digest, channel, client_id, holder_region_id, holder_id, booked_by, card_id, made_at, held_until)
        SELECT r.region_id, r.key, decode(r.digest, 'hex'), r.channel, r.client_id, r.holder_region_id, r.holder_id,
            r.booked_by, r.card_id, p_now, r.held_until
        FROM json_to_recordset(p_bookings) AS r (
            region_id integer, key uuid, digest text, channel reservations.channel, client_id text,
            holder_region_id integer, holder_id uuid, booked_by uuid, card_id uuid, held_until timestamptz
        );
        INSERT INTO reservations.line
            (region_id, booking_id, no, session_id, tariff_code, rank, holder_id, seller_id, places, price_cents,
             credit_cents, vat_code, pool_ids)
        SELECT r.region_id, r.booking_id, r.no, r.session_id, r.tariff_code, r.rank, r.holder_id, r.seller_id,
            r.places, r.price_cents, r.credit_cents, r.vat_code, r.pool_ids
        FROM json_to_recordset(p_lines) AS r (
            region_id integer, booking_id uuid, no smallint, session_id uuid, tariff_code text, rank smallint,
            holder_id uuid, seller_id uuid, places smallint, price_cents integer, credit_cents integer,
            vat_code text, pool_ids uuid[]
        );
        INSERT INTO reservations.ticket (region_id, booking_id, line_no, no, session_id, status)
        SELECT * FROM json_to_recordset(p_tickets) AS r (
            region_id integer, booking_id uuid, line_no smallint, no smallint, session_id uuid,
            status reservations.ticket_status
        );
    END IF;

    IF p_closed IS NOT NULL THEN
        WITH closed AS (
            SELECT * FROM json_to_recordset(p_closed) AS r (
                region_id integer, booking_id uuid, line_no smallint, no smallint, was reservations.ticket_status,
                status reservations.ticket_status
            )
        ), changed AS (
            UPDATE reservations.ticket AS t SET status = c.status
            FROM closed AS c
            WHERE t.region_id = c.region_id AND t.booking_id = c.booking_id AND t.line_no = c.line_no AND t.no = c.no
                AND t.status = c.was
            RETURNING 1
        ), settled AS (
            UPDATE reservations.booking AS b SET held_until = NULL
            FROM (SELECT DISTINCT region_id, booking_id FROM closed) AS c
            WHERE b.region_id = c.region_id AND b.id = c.booking_id AND b.held_until IS NOT NULL
        )
        SELECT json_array_length(p_closed), (SELECT count(*) FROM changed) INTO v_asked, v_done;
        IF v_asked <> v_done THEN
            RAISE EXCEPTION 'a ticket changed under its lock' USING ERRCODE = 'serialization_failure';
        END IF;
    END IF;

    IF p_pools IS NOT NULL THEN
        UPDATE reservations.pool AS p SET taken = p.taken + r.places
        FROM json_to_recordset(p_pools) AS r (region_id integer, id uuid, places integer)
        WHERE p.region_id = r.region_id AND p.id = r.id;
        GET DIAGNOSTICS v_done = ROW_COUNT;
        IF v_done <> json_array_length(p_pools) THEN
            RAISE EXCEPTION 'a pool is not there' USING ERRCODE = 'foreign_key_violation';
        END IF;
    END IF;

    IF p_capacities IS NOT NULL THEN
        UPDATE reservations.pool AS p SET capacity = r.capacity
        FROM json_to_recordset(p_capacities) AS r (region_id integer, id uuid, capacity integer)
        WHERE p.region_id = r.region_id AND p.id = r.id;
    END IF;

    -- What one ask gives back, a later one of the batch may spend.
    IF p_resolutions IS NOT NULL THEN PERFORM credits.write_resolutions(p_resolutions, p_now); END IF;
    IF p_holds IS NOT NULL THEN PERFORM credits.write_holds(p_holds, p_now); END IF;
    IF p_outbox IS NOT NULL THEN PERFORM uit.write_outbox(p_outbox, p_now); END IF;
    IF p_acts IS NOT NULL THEN PERFORM uit.write_acts(p_acts, p_now); END IF;
END $$;

-- The open holds of bookings, each with the moment from which it is earned under the rule of its programme's version:
-- at the cancellation limit, when the session has ended, or on attendance. Attendance is known when every ticket of the
-- line was used, or else when the doors have closed. Nothing is earned on a cancelled session, or while places wait.
-- Who was let in by mistake can be put right as long as nothing was earned by it. So what coming earns is earned when the
-- session starts at the earliest: until then nobody has been anywhere, and it may still be called off.
CREATE FUNCTION reservations.open_holds(p_regions integer[], p_bookings uuid[], p_doors_close interval)
RETURNS TABLE (
    region_id integer, id uuid, booking_id uuid, line_no smallint, amount_cents bigint, earning credits.earning_rule,
    no_show_percent smallint, lapses_at timestamptz, attended bigint, missed bigint, earned_at timestamptz
)
LANGUAGE sql STABLE SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
    SELECT h.region_id, h.id, h.booking_id, h.line_no, h.amount_cents, v.earning, v.no_show_percent, p.lapses_at,
        people.attended, people.missed,
        CASE v.earning
            WHEN 'cancellation_limit' THEN least(s.cancel_until, s.ends_at)
            WHEN 'session_end' THEN s.ends_at
            ELSE CASE
                WHEN people.missed = 0 THEN greatest(people.attended_at, s.starts_at) ELSE s.ends_at + p_doors_close
            END
        END
    FROM unnest(p_regions, p_bookings) AS k (region_id, booking_id)
    JOIN credits.transfer AS h ON h.region_id = k.region_id AND h.booking_id = k.booking_id AND h.kind = 'hold'
    JOIN credits.purse AS p ON p.region_id = h.region_id AND p.id = h.purse_id
    JOIN credits.programme_version AS v
        ON v.region_id = p.region_id AND v.programme_id = p.programme_id AND v.version = p.version
    CROSS JOIN LATERAL (
        SELECT max(t.attended_at) AS attended_at,
            coalesce(sum(t.weight) FILTER (WHERE t.status = 'attended'), 0) AS attended,
            coalesce(sum(t.weight) FILTER (WHERE t.status IN ('confirmed', 'no_show')), 0) AS missed,
            count(*) FILTER (WHERE t.status = 'held') AS waiting
        FROM reservations.ticket AS t
        WHERE t.region_id = h.region_id AND t.booking_id = h.booking_id AND t.line_no = h.line_no
    ) AS people
    JOIN reservations.line AS l ON l.region_id = h.region_id AND l.booking_id = h.booking_id AND l.no = h.line_no
    JOIN reservations.session AS s ON s.region_id = l.region_id AND s.id = l.session_id
    WHERE people.waiting = 0 AND s.status <> 'cancelled'
        AND NOT EXISTS (SELECT FROM credits.resolution AS r WHERE r.region_id = h.region_id AND r.hold_id = h.id);
$$;
