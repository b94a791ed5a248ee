-- One receipt is of one sale, and a till that was counted sells no more: both are decided with the facts, under the locks that
-- they are read under. What stands here besides is the last guard.

-- What is known of these sessions at a till when a sale is decided, and which of the ids that it would write are there already.
CREATE FUNCTION credits.sale_facts(p_region integer, p_tills uuid[], p_receipts uuid[], p_payments uuid[]) RETURNS json
LANGUAGE plpgsql STABLE SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
BEGIN
    RETURN json_build_object(
        'tills', (
            SELECT coalesce(json_agg(x), '[]') FROM (
                SELECT s.id, t.name AS till, t.seller_id, s.opened_by, s.counted_at IS NOT NULL AS is_counted,
                    s.closed_at IS NOT NULL AS is_closed
                FROM credits.till_session AS s
                JOIN credits.till AS t ON t.region_id = p_region AND t.id = s.till_id
                WHERE s.region_id = p_region AND s.id = ANY (p_tills)
            ) AS x
        ),
        'receipts', (
            SELECT coalesce(json_agg(r.id), '[]') FROM credits.receipt AS r
            WHERE r.region_id = p_region AND r.id = ANY (p_receipts)
        ),
        'payments', (
            SELECT coalesce(json_agg(p.id), '[]') FROM credits.payment AS p
            WHERE p.region_id = p_region AND p.id = ANY (p_payments)
        )
    );
END $$;

-- Beside the one of 0015_invoices.sql, which an application of before still calls: it differs in the number of its lists. The
-- tills are locked last, and only a batch with a sale asks for anything of them.
CREATE FUNCTION reservations.lock_and_read(
    p_region integer, p_sessions uuid[], p_bookings uuid[], p_closing uuid[], p_cards uuid[], p_members uuid[],
    p_cancellations uuid[], p_customers uuid[], p_tills uuid[], p_receipts uuid[], p_payments uuid[]
) RETURNS json
LANGUAGE plpgsql VOLATILE AS $$
DECLARE v_facts jsonb;
BEGIN
    IF cardinality(p_tills) = 0 THEN
        RETURN reservations.lock_and_read(
            p_region, p_sessions, p_bookings, p_closing, p_cards, p_members, p_cancellations, p_customers
        );
    END IF;
    PERFORM reservations.lock(p_region, p_sessions, p_closing, p_cards, p_members);
    PERFORM credits.lock_customers(p_region, p_customers);
    PERFORM credits.lock_till_sessions(p_region, p_tills);
    v_facts := reservations.facts(p_region, p_sessions, p_bookings, p_cards, p_members, p_cancellations)::jsonb;
    RETURN (
        v_facts || jsonb_build_object('customers', credits.customer_terms(p_region, p_customers))
        || credits.sale_facts(p_region, p_tills, p_receipts, p_payments)::jsonb
    )::json;
END $$;

-- A receipt that is there is the same sale made again, or an error: of another booking or payment, at another till, or for other
-- amounts, money would be in a drawer that no receipt tells of.
CREATE FUNCTION credits.refuse_other_receipts(p_region integer, p_rows json) RETURNS void
LANGUAGE plpgsql STABLE SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
BEGIN
    IF EXISTS (
        SELECT 1
        FROM json_to_recordset(p_rows) AS r (
            id uuid, till_session_id uuid, booking_id uuid, payment_id uuid, total_cents integer, rounding_cents smallint,
            paper_no text, tenders json
        )
        JOIN credits.receipt AS k ON k.region_id = p_region AND k.id = r.id
        WHERE (k.till_session_id, k.booking_id, k.payment_id, k.total_cents, k.rounding_cents, k.paper_no)
            IS DISTINCT FROM (r.till_session_id, r.booking_id, r.payment_id, r.total_cents, r.rounding_cents, r.paper_no)
            OR (
                SELECT jsonb_object_agg(t.means, t.amount_cents) FROM credits.tender AS t
                WHERE t.region_id = p_region AND t.receipt_id = k.id
            ) IS DISTINCT FROM (
                SELECT jsonb_object_agg(t.means, t.amount_cents)
                FROM json_to_recordset(r.tenders) AS t (means text, amount_cents integer)
            )
    ) THEN
        RAISE EXCEPTION 'a receipt of another sale has this id' USING ERRCODE = 'unique_violation';
    END IF;
END $$;

-- As in 0011_till.sql. What is there already is left alone only where it is the same sale.
CREATE OR REPLACE FUNCTION credits.write_receipts(p_region integer, p_rows json, p_now timestamptz) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
DECLARE
    v_sessions uuid[]; v_new json; v_money json; v_asked integer; v_done integer;
    v_year smallint := extract(year FROM p_now AT TIME ZONE 'Europe/Brussels');
BEGIN
    SELECT array_agg(DISTINCT r.till_session_id) INTO v_sessions FROM json_to_recordset(p_rows) AS r (till_session_id uuid);
    PERFORM credits.lock_till_sessions(p_region, v_sessions);
    SELECT json_agg(e.value ORDER BY e.place) INTO v_new
    FROM json_array_elements(p_rows) WITH ORDINALITY AS e (value, place)
    WHERE NOT EXISTS (
        SELECT 1 FROM credits.receipt AS k WHERE k.region_id = p_region AND k.id = (e.value ->> 'id')::uuid
    );
    IF json_array_length(p_rows) > coalesce(json_array_length(v_new), 0) THEN
        PERFORM credits.refuse_other_receipts(p_region, p_rows);
    END IF;
    IF v_new IS NULL THEN RETURN; END IF;

    SELECT json_array_length(v_new), count(*) INTO v_asked, v_done
    FROM json_to_recordset(v_new) AS r (till_session_id uuid, seller_id uuid)
    JOIN credits.open_till_sessions(p_region, v_sessions) AS s ON s.id = r.till_session_id AND s.seller_id = r.seller_id;
    IF v_asked <> v_done THEN
        RAISE EXCEPTION 'a sale at a till that is not open' USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;

    WITH asked AS (
        SELECT e.place, r.*
        FROM json_array_elements(v_new) WITH ORDINALITY AS e (value, place)
        CROSS JOIN LATERAL json_to_record(e.value) AS r (
            id uuid, seller_id uuid, till_session_id uuid, booking_id uuid, payment_id uuid, total_cents integer,
            rounding_cents smallint, rounding_id uuid, paper_no text, sold_on date, sold_by uuid
        )
    ), numbered AS (
        INSERT INTO credits.receipt_series AS s (region_id, seller_id, year, last_no)
        SELECT p_region, a.seller_id, v_year, count(*) FROM asked AS a GROUP BY a.seller_id ORDER BY a.seller_id
        ON CONFLICT (region_id, seller_id, year) DO UPDATE SET last_no = s.last_no + excluded.last_no
        RETURNING s.seller_id, s.last_no
    )
    INSERT INTO credits.receipt
        (region_id, id, seller_id, year, no, till_session_id, booking_id, payment_id, total_cents, rounding_cents,
         rounding_id, paper_no, sold_on, sold_by, made_at)
    SELECT p_region, a.id, a.seller_id, v_year,
        n.last_no + 1 - row_number() OVER (PARTITION BY a.seller_id ORDER BY a.place DESC),
        a.till_session_id, a.booking_id, a.payment_id, a.total_cents, a.rounding_cents, a.rounding_id, a.paper_no,
        a.sold_on, a.sold_by, p_now
    FROM asked AS a
    JOIN numbered AS n ON n.seller_id = a.seller_id;

    SELECT sum(json_array_length(e.value -> 'lines')) INTO v_asked FROM json_array_elements(v_new) AS e (value);
    INSERT INTO credits.receipt_line
        (region_id, receipt_id, no, words, places, vat_code, vat_rate_bp, amount_cents, booking_line_no)
    SELECT p_region, r.id, l.no, l.words, l.places, l.vat_code, v.rate_bp, l.amount_cents, l.booking_line_no
    FROM json_to_recordset(v_new) AS r (id uuid, sold_on date, lines json)
    CROSS JOIN LATERAL json_to_recordset(r.lines) AS l (
        no smallint, words text, places smallint, vat_code text, amount_cents integer, booking_line_no smallint
    )
    JOIN credits.vat_code AS v
        ON v.code = l.vat_code AND v.starts_on <= r.sold_on AND (v.ends_on IS NULL OR v.ends_on >= r.sold_on);
    GET DIAGNOSTICS v_done = ROW_COUNT;
    IF v_asked <> v_done THEN
        RAISE EXCEPTION 'a receipt names a VAT code that does not hold on its day' USING ERRCODE = 'foreign_key_violation';
    END IF;

    INSERT INTO credits.tender (region_id, id, receipt_id, means, amount_cents, reference)
    SELECT p_region, t.id, r.id, t.means, t.amount_cents, t.reference
    FROM json_to_recordset(v_new) AS r (id uuid, tenders json)
    CROSS JOIN LATERAL json_to_recordset(r.tenders) AS t (
        id uuid, means credits.tender_means, amount_cents integer, reference text
    );
    SELECT json_agg(x) INTO v_money FROM (
        SELECT t.id, 'receipt' AS kind, s.sale_account_id AS debit_id,
            CASE t.means WHEN 'cash' THEN s.till_account_id ELSE s.terminal_account_id END AS credit_id,
            t.amount_cents, r.booking_id, r.payment_id, t.reference
        FROM json_to_recordset(v_new) AS r (seller_id uuid, booking_id uuid, payment_id uuid, tenders json)
        CROSS JOIN LATERAL json_to_recordset(r.tenders) AS t (
            id uuid, means credits.tender_means, amount_cents bigint, reference text
        )
        JOIN credits.seller AS s ON s.region_id = p_region AND s.organiser_id = r.seller_id
        WHERE t.means <> 'credit'
        UNION ALL
        SELECT r.rounding_id, 'rounding',
            CASE WHEN r.rounding_cents > 0 THEN s.rounding_account_id ELSE s.till_account_id END,
            CASE WHEN r.rounding_cents > 0 THEN s.till_account_id ELSE s.rounding_account_id END,
            abs(r.rounding_cents), r.booking_id, r.payment_id, NULL
        FROM json_to_recordset(v_new) AS r (
            seller_id uuid, booking_id uuid, payment_id uuid, rounding_cents integer, rounding_id uuid
        )
        JOIN credits.seller AS s ON s.region_id = p_region AND s.organiser_id = r.seller_id
        WHERE r.rounding_cents <> 0
    ) AS x;
    IF v_money IS NOT NULL THEN PERFORM credits.write_money(p_region, v_money, p_now); END IF;
END $$;
