-- What is one each is one each over all bookings of a holder for a session, also those that are made at the same moment.

-- Its holder, where the price of a ticket is one each. An application of before leaves it empty: `reservations.facts` counts by
-- the tariffs of lines, so that its tickets count too.
ALTER TABLE reservations.ticket ADD COLUMN personal_to uuid;

-- As in 0024_for_whom_and_for_how_many.sql, with what its holders have at prices that are one each.
CREATE OR REPLACE FUNCTION reservations.facts(
    p_region integer, p_sessions uuid[], p_bookings uuid[], p_cards uuid[], p_members uuid[], p_cancellations uuid[],
    p_every_tariff boolean
) RETURNS json
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
DECLARE
    v_bookings uuid[]; v_elsewhere uuid[]; v_sessions uuid[] := p_sessions; v_pools uuid[]; v_more uuid[];
    v_stored json; v_sessions_json json; v_pools_json json; v_holders json; v_purses json; v_admissions json;
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

    SELECT json_agg(x) INTO v_sessions_json FROM (
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
        'sessions', coalesce(v_sessions_json, '[]'), 'pools', coalesce(v_pools_json, '[]'),
        'holders', coalesce(v_holders, '[]'), 'purses', coalesce(v_purses, '[]'),
        'admissions', coalesce(v_admissions, '[]'), 'cancellations', coalesce(v_cancellations, '[]'),
        'personal', coalesce(v_personal, '[]')
    );
END $$;

-- As in 0024_for_whom_and_for_how_many.sql, with whose a personal ticket is.
CREATE OR REPLACE FUNCTION reservations.write(
    p_region integer, p_now timestamptz, p_bookings json, p_lines json, p_tickets json, p_changes json, p_terms json,
    p_pools json, p_capacities json, p_cancellations json, p_reversals json, p_resolutions json, p_extensions json,
    p_holds json, p_payments json, p_captures json, p_ended_payments json, p_refunds json, p_receipts json,
    p_contacts json, p_outbox json, p_acts json
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
             price_cents, credit_cents, vat_code, pool_ids, cancel_fee_cents, mandate_id)
        SELECT p_region, r.booking_id, r.no, r.session_id, r.tariff_code, r.rank, r.holder_id, r.wallet_id, r.card_id,
            r.seller_id, r.places, r.price_cents, r.credit_cents, r.vat_code, r.pool_ids, r.cancel_fee_cents, r.mandate_id
        FROM json_to_recordset(p_lines) AS r (
            booking_id uuid, no smallint, session_id uuid, tariff_code text, rank smallint, holder_id uuid,
            wallet_id uuid, card_id uuid, seller_id uuid, places smallint, price_cents integer, credit_cents integer,
            vat_code text, pool_ids uuid[], cancel_fee_cents integer, mandate_id uuid
        );
        INSERT INTO reservations.ticket (region_id, booking_id, line_no, no, session_id, status, weight, personal_to)
        SELECT p_region, r.booking_id, r.line_no, r.no, r.session_id, r.status, coalesce(r.weight, 1),
            r.personal_to
        FROM json_to_recordset(p_tickets) AS r (
            booking_id uuid, line_no smallint, no smallint, session_id uuid, status reservations.ticket_status,
            weight smallint, personal_to uuid
        );
    END IF;

    IF p_changes IS NOT NULL THEN
        SELECT array_agg(r.booking_id) INTO v_ids FROM json_to_recordset(p_changes) AS r (booking_id uuid);
        WITH asked AS (
            SELECT * FROM json_to_recordset(p_changes) AS r (
                booking_id uuid, line_no smallint, no smallint, was reservations.ticket_status,
                status reservations.ticket_status, ending reservations.ticket_ending, returned_cents integer
            )
        ), changed AS (
            UPDATE reservations.ticket AS t
            SET status = e.status, ending = e.ending,
                -- What had ended and gives back more ended when it did.
                ended_at = CASE WHEN e.ending IS NULL THEN NULL WHEN e.status = e.was THEN t.ended_at ELSE p_now END,
                returned_cents = e.returned_cents,
                attended_at = NULL, checkin_id = NULL
            FROM asked AS e
            WHERE t.region_id = p_region AND t.booking_id = e.booking_id AND t.line_no = e.line_no AND t.no = e.no
                AND t.booking_id = ANY (v_ids) AND t.status = e.was
            RETURNING 1
        )
        SELECT json_array_length(p_changes), (SELECT count(*) FROM changed) INTO v_asked, v_done;
        IF v_asked <> v_done THEN
            RAISE EXCEPTION 'a ticket changed under its lock' USING ERRCODE = 'serialization_failure';
        END IF;
    END IF;

    IF p_terms IS NOT NULL THEN
        SELECT array_agg(r.id) INTO v_ids FROM json_to_recordset(p_terms) AS r (id uuid);
        UPDATE reservations.booking AS b SET held_until = r.held_until, lengthened = r.lengthened
        FROM json_to_recordset(p_terms) AS r (id uuid, held_until timestamptz, lengthened boolean)
        WHERE b.region_id = p_region AND b.id = r.id AND b.id = ANY (v_ids);
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
    IF p_payments IS NOT NULL THEN PERFORM credits.write_payments(p_region, p_payments, p_now); END IF;
    IF p_captures IS NOT NULL THEN PERFORM credits.capture_payments(p_region, p_captures, p_now); END IF;
    IF p_ended_payments IS NOT NULL THEN PERFORM credits.end_payments(p_region, p_ended_payments, p_now); END IF;
    IF p_refunds IS NOT NULL THEN PERFORM credits.write_refunds(p_region, p_refunds, p_now); END IF;
    IF p_receipts IS NOT NULL THEN PERFORM credits.write_receipts(p_region, p_receipts, p_now); END IF;
    IF p_contacts IS NOT NULL THEN
        INSERT INTO reservations.contact (region_id, booking_id, name, email, last_session_at)
        SELECT p_region, r.booking_id, r.name, r.email, r.last_session_at
        FROM json_to_recordset(p_contacts) AS r (booking_id uuid, name text, email text, last_session_at timestamptz);
    END IF;
    IF p_outbox IS NOT NULL THEN PERFORM uit.write_outbox(p_region, p_outbox, p_now); END IF;
    IF p_acts IS NOT NULL THEN PERFORM uit.write_acts(p_region, p_acts, p_now); END IF;
END $$;
