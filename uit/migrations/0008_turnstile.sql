-- How one booking travels: lock, read the facts in a later statement, decide outside, write set-based; and when the
-- credit that it put aside is earned. See docs/decisions/0004-turnstile-verbs-and-locks.md.
-- As in 0006_credits.sql, by index and with a plan that is made once. All of it is about one region, `p_region`.

-- Locks in one order everywhere: bookings, pools, wallets, each by id. `p_closing`: bookings that give something back, to
-- the pools that their own lines drew on and the wallets that paid for them.
CREATE FUNCTION reservations.lock(
    p_region integer, p_sessions uuid[], p_closing uuid[], p_cards uuid[], p_members uuid[]
) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
DECLARE v_pools uuid[]; v_wallets uuid[]; v_more uuid[];
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

    SELECT array_agg(drawn.pool_id) INTO v_pools
    FROM reservations.session AS s CROSS JOIN LATERAL unnest(s.pool_ids) AS drawn (pool_id)
    WHERE s.region_id = p_region AND s.id = ANY (p_sessions);
    PERFORM FROM reservations.pool AS p WHERE p.region_id = p_region AND p.id = ANY (v_pools || v_more)
    ORDER BY p.id FOR NO KEY UPDATE OF p;

    IF cardinality(p_cards) > 0 THEN
        SELECT array_agg(c.membership_id) INTO v_more
        FROM passes.card AS c WHERE c.region_id = p_region AND c.id = ANY (p_cards);
        v_wallets := v_wallets || v_more;
    END IF;
    PERFORM credits.lock_wallets(p_region, p_members || v_wallets);
END $$;

-- Everything that `decide` needs to know, as one JSON document in the shape of `Facts`.
CREATE FUNCTION reservations.facts(
    p_region integer, p_sessions uuid[], p_bookings uuid[], p_cards uuid[], p_members uuid[], p_cancellations uuid[]
) RETURNS json
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
DECLARE
    v_bookings uuid[]; v_elsewhere uuid[]; v_sessions uuid[] := p_sessions; v_pools uuid[]; v_more uuid[];
    v_stored json; v_sessions_json json; v_pools_json json; v_holders json; v_purses json; v_admissions json;
    v_cancellations json;
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

    SELECT json_agg(x) INTO v_sessions_json FROM (
        SELECT s.id, s.organiser_id, s.domain, s.attendance, s.status, s.starts_at, s.ends_at,
            s.sale_opens_at, s.sale_closes_at, s.cancel_until, s.pool_ids, s.moved_at,
            (SELECT json_agg(t) FROM (
                SELECT code, price_cents, eligibility, age_from, age_to, pool_ids, rank, vat_code
                FROM reservations.tariff AS t
                WHERE t.region_id = p_region AND t.session_id = s.id AND t.active
            ) AS t) AS tariffs
        FROM reservations.session AS s
        WHERE s.region_id = p_region AND s.id = ANY (v_sessions)
    ) AS x;

    SELECT array_agg(drawn.pool_id) INTO v_more
    FROM reservations.session AS s CROSS JOIN LATERAL unnest(s.pool_ids) AS drawn (pool_id)
    WHERE s.region_id = p_region AND s.id = ANY (v_sessions);
    SELECT json_agg(x) INTO v_pools_json FROM (
        SELECT p.id, p.licensed_capacity, p.capacity, p.taken, p.held
        FROM reservations.pool AS p
        WHERE p.region_id = p_region AND p.id = ANY (v_pools || v_more)
    ) AS x;

    IF cardinality(p_cards) + cardinality(p_members) > 0 THEN
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
            ) AS x)
        INTO v_holders, v_purses, v_admissions;
    END IF;

    RETURN json_build_object(
        'bookings', coalesce(v_stored, '[]'), 'elsewhere', coalesce(to_json(v_elsewhere), '[]'),
        'sessions', coalesce(v_sessions_json, '[]'), 'pools', coalesce(v_pools_json, '[]'),
        'holders', coalesce(v_holders, '[]'), 'purses', coalesce(v_purses, '[]'),
        'admissions', coalesce(v_admissions, '[]'), 'cancellations', coalesce(v_cancellations, '[]')
    );
END $$;

-- Bookings as they stand, whole: lines, tickets, and the credit that stands for each line, put aside or settled.
CREATE FUNCTION reservations.stored_bookings(p_region integer, p_ids uuid[]) RETURNS SETOF json
LANGUAGE plpgsql STABLE SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
BEGIN
    RETURN QUERY SELECT json_build_object(
        'region_id', b.region_id, 'id', b.id, 'digest', encode(b.digest, 'hex'), 'channel', b.channel,
        'by', json_build_object('kind', b.actor_kind, 'id', b.actor_id), 'made_at', b.made_at, 'held_until', b.held_until,
        'lines', (
            SELECT json_agg(x ORDER BY x.no) FROM (
                SELECT l.no, l.session_id, l.tariff_code, l.rank, l.holder_id, l.wallet_id, l.card_id, l.seller_id,
                    l.places, l.price_cents, l.credit_cents, l.vat_code, l.pool_ids,
                    (SELECT json_agg(t ORDER BY t.no) FROM (
                        SELECT t.no, t.status, t.weight, t.attended_at, t.ending AS "end", t.ended_at, t.returned_cents
                        FROM reservations.ticket AS t
                        WHERE t.region_id = p_region AND t.booking_id = b.id AND t.line_no = l.no
                    ) AS t) AS tickets
                FROM reservations.line AS l WHERE l.region_id = p_region AND l.booking_id = b.id
            ) AS x
        ),
        'credit', (
            SELECT coalesce(json_agg(x), '[]') FROM (
                SELECT h.id AS hold_id, h.line_no, h.purse_id, h.credit_id AS held_account_id, h.payee_id,
                    coalesce(r.settled_cents, h.amount_cents) AS cents, s.id AS settle_id, p.lapses_at, v.extension_days
                FROM credits.transfer AS h
                JOIN credits.purse AS p ON p.region_id = p_region AND p.id = h.purse_id
                JOIN credits.programme_version AS v
                    ON v.region_id = p_region AND v.programme_id = p.programme_id AND v.version = p.version
                LEFT JOIN credits.resolution AS r ON r.region_id = p_region AND r.hold_id = h.id
                LEFT JOIN credits.transfer AS s
                    ON s.region_id = p_region AND s.booking_id = b.id AND s.kind = 'settle' AND s.hold_id = h.id
                WHERE h.region_id = p_region AND h.booking_id = b.id AND h.kind = 'hold'
                    AND (r.hold_id IS NULL OR r.settled_cents > 0 AND NOT EXISTS (
                        SELECT 1 FROM credits.transfer AS u
                        WHERE u.region_id = p_region AND u.booking_id = b.id AND u.kind = 'reversal' AND u.reverses_id = s.id
                    ))
            ) AS x
        )
    )
    FROM reservations.booking AS b
    WHERE b.region_id = p_region AND b.id = ANY (p_ids);
END $$;

-- VOLATILE, so that the facts are read under a snapshot taken after the locks were won: one round trip, two statements.
CREATE FUNCTION reservations.lock_and_read(
    p_region integer, p_sessions uuid[], p_bookings uuid[], p_closing uuid[], p_cards uuid[], p_members uuid[],
    p_cancellations uuid[]
) RETURNS json
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM reservations.lock(p_region, p_sessions, p_closing, p_cards, p_members);
    RETURN reservations.facts(p_region, p_sessions, p_bookings, p_cards, p_members, p_cancellations);
END $$;

-- Write what was decided for a whole batch. Each schema owns its writer; a deviation from the facts is an error.
CREATE FUNCTION reservations.write(
    p_region integer, p_now timestamptz, p_bookings json, p_lines json, p_tickets json, p_ended json, p_confirmed json,
    p_pools json, p_capacities json, p_cancellations json, p_reversals json, p_resolutions json, p_extensions json,
    p_holds json, p_outbox json, p_acts json
) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
DECLARE v_ids uuid[]; v_asked integer; v_done integer;
BEGIN
    IF p_bookings IS NOT NULL THEN
        PERFORM uit.write_directory('booking', p_region, p_bookings);
        INSERT INTO reservations.booking
            (region_id, id, digest, channel, actor_kind, actor_id, made_at, held_until)
        SELECT p_region, r.key, decode(r.digest, 'hex'), r.channel, r.actor_kind, r.actor_id, p_now, r.held_until
        FROM json_to_recordset(p_bookings) AS r (
            key uuid, digest text, channel reservations.channel, actor_kind reservations.actor_kind, actor_id text,
            held_until timestamptz
        );
        INSERT INTO reservations.line
            (region_id, booking_id, no, session_id, tariff_code, rank, holder_id, wallet_id, card_id, seller_id, places,
             price_cents, credit_cents, vat_code, pool_ids)
        SELECT p_region, r.booking_id, r.no, r.session_id, r.tariff_code, r.rank, r.holder_id, r.wallet_id, r.card_id,
            r.seller_id, r.places, r.price_cents, r.credit_cents, r.vat_code, r.pool_ids
        FROM json_to_recordset(p_lines) AS r (
            booking_id uuid, no smallint, session_id uuid, tariff_code text, rank smallint, holder_id uuid,
            wallet_id uuid, card_id uuid, seller_id uuid, places smallint, price_cents integer, credit_cents integer,
            vat_code text, pool_ids uuid[]
        );
        INSERT INTO reservations.ticket (region_id, booking_id, line_no, no, session_id, status)
        SELECT p_region, r.*
        FROM json_to_recordset(p_tickets) AS r (
            booking_id uuid, line_no smallint, no smallint, session_id uuid, status reservations.ticket_status
        );
    END IF;

    IF p_ended IS NOT NULL THEN
        SELECT array_agg(r.booking_id) INTO v_ids FROM json_to_recordset(p_ended) AS r (booking_id uuid);
        WITH ended AS (
            SELECT * FROM json_to_recordset(p_ended) AS r (
                booking_id uuid, line_no smallint, no smallint, was reservations.ticket_status,
                status reservations.ticket_status, ending reservations.ticket_ending, returned_cents integer
            )
        ), changed AS (
            UPDATE reservations.ticket AS t
            SET status = e.status, ending = e.ending, ended_at = p_now, returned_cents = e.returned_cents,
                attended_at = NULL, checkin_id = NULL
            FROM ended AS e
            WHERE t.region_id = p_region AND t.booking_id = e.booking_id AND t.line_no = e.line_no AND t.no = e.no
                AND t.booking_id = ANY (v_ids) AND t.status = e.was
            RETURNING 1
        )
        SELECT json_array_length(p_ended), (SELECT count(*) FROM changed) INTO v_asked, v_done;
        IF v_asked <> v_done THEN
            RAISE EXCEPTION 'a ticket changed under its lock' USING ERRCODE = 'serialization_failure';
        END IF;
    END IF;

    IF p_confirmed IS NOT NULL THEN
        SELECT array_agg(r.id) INTO v_ids FROM json_to_recordset(p_confirmed) AS r (id uuid);
        UPDATE reservations.booking AS b SET held_until = NULL WHERE b.region_id = p_region AND b.id = ANY (v_ids);
    END IF;

    IF p_pools IS NOT NULL THEN
        SELECT array_agg(r.id) INTO v_ids FROM json_to_recordset(p_pools) AS r (id uuid);
        UPDATE reservations.pool AS p SET taken = p.taken + r.places
        FROM json_to_recordset(p_pools) AS r (id uuid, places integer)
        WHERE p.region_id = p_region AND p.id = r.id AND p.id = ANY (v_ids);
        GET DIAGNOSTICS v_done = ROW_COUNT;
        IF v_done <> json_array_length(p_pools) THEN
            RAISE EXCEPTION 'a pool is not there' USING ERRCODE = 'foreign_key_violation';
        END IF;
    END IF;

    IF p_capacities IS NOT NULL THEN
        UPDATE reservations.pool AS p SET capacity = r.capacity
        FROM json_to_recordset(p_capacities) AS r (id uuid, capacity integer)
        WHERE p.region_id = p_region AND p.id = r.id;
    END IF;

    IF p_cancellations IS NOT NULL THEN
        INSERT INTO reservations.cancellation (region_id, id, booking_id, digest, at)
        SELECT p_region, r.id, r.booking_id, decode(r.digest, 'hex'), p_now
        FROM json_to_recordset(p_cancellations) AS r (id uuid, booking_id uuid, digest text);
    END IF;

    -- What one command gives back, a later one of the batch may spend.
    IF p_reversals IS NOT NULL THEN PERFORM credits.write_reversals(p_region, p_reversals, p_now); END IF;
    IF p_resolutions IS NOT NULL THEN PERFORM credits.write_resolutions(p_region, p_resolutions, p_now); END IF;
    IF p_extensions IS NOT NULL THEN PERFORM credits.extend_purses(p_region, p_extensions); END IF;
    IF p_holds IS NOT NULL THEN PERFORM credits.write_holds(p_region, p_holds, p_now); END IF;
    IF p_outbox IS NOT NULL THEN PERFORM uit.write_outbox(p_region, p_outbox, p_now); END IF;
    IF p_acts IS NOT NULL THEN PERFORM uit.write_acts(p_region, p_acts, p_now); END IF;
END $$;

-- The open holds of bookings, each with the moment from which it is earned under the rule of its programme's version:
-- at the cancellation limit, when the session has ended, or on attendance. Attendance is known when every ticket of the
-- line was used, or else when the doors have closed. Nothing is earned while places wait, nor on a session that is
-- cancelled, postponed or suspended; and of what moved, not before the new start, until when everybody may leave.
-- Who was let in by mistake can be put right as long as nothing was earned by it. So what coming earns is earned when the
-- session starts at the earliest: until then nobody has been anywhere, and it may still be called off.
CREATE FUNCTION reservations.open_holds(p_region integer, p_bookings uuid[], p_doors_close interval)
RETURNS TABLE (
    id uuid, booking_id uuid, line_no smallint, amount_cents bigint, earning credits.earning_rule,
    no_show_percent smallint, lapses_at timestamptz, attended bigint, missed bigint, earned_at timestamptz
)
LANGUAGE plpgsql STABLE SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
BEGIN
    RETURN QUERY SELECT h.id, h.booking_id, h.line_no, h.amount_cents, v.earning, v.no_show_percent, p.lapses_at,
        people.attended, people.missed,
        CASE v.earning
            WHEN 'cancellation_limit' THEN
                CASE WHEN s.moved_at > b.made_at THEN s.starts_at ELSE least(s.cancel_until, s.ends_at) END
            WHEN 'session_end' THEN s.ends_at
            ELSE CASE
                WHEN people.missed = 0 THEN greatest(people.attended_at, s.starts_at) ELSE s.ends_at + p_doors_close
            END
        END
    FROM reservations.booking AS b
    JOIN credits.transfer AS h ON h.region_id = p_region AND h.booking_id = b.id AND h.kind = 'hold'
    JOIN credits.purse AS p ON p.region_id = p_region AND p.id = h.purse_id
    JOIN credits.programme_version AS v
        ON v.region_id = p_region AND v.programme_id = p.programme_id AND v.version = p.version
    CROSS JOIN LATERAL (
        SELECT max(t.attended_at) AS attended_at,
            coalesce(sum(t.weight) FILTER (WHERE t.status = 'attended'), 0) AS attended,
            coalesce(sum(t.weight) FILTER (WHERE t.status IN ('confirmed', 'no_show')), 0) AS missed,
            count(*) FILTER (WHERE t.status = 'held') AS waiting
        FROM reservations.ticket AS t
        WHERE t.region_id = p_region AND t.booking_id = h.booking_id AND t.line_no = h.line_no
    ) AS people
    JOIN reservations.line AS l ON l.region_id = p_region AND l.booking_id = h.booking_id AND l.no = h.line_no
    JOIN reservations.session AS s ON s.region_id = p_region AND s.id = l.session_id
    WHERE b.region_id = p_region AND b.id = ANY (p_bookings)
        AND people.waiting = 0 AND s.status IN ('scheduled', 'sold_elsewhere')
        AND NOT EXISTS (SELECT 1 FROM credits.resolution AS r WHERE r.region_id = p_region AND r.hold_id = h.id);
END $$;
