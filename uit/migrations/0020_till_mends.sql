-- Mends of the till: swaps, whose money is set against each other; and counts and drops that nobody can try until they fit.

-- Who counted first for which opening of a till, and found something else than was left: they are asked once more before they
-- hear what it was. `first_count_form` is the form, so that one that is sent twice is one count.
ALTER TABLE credits.till
    ADD COLUMN first_count_no integer,
    ADD COLUMN first_counted_by uuid,
    ADD COLUMN first_count_form uuid;

-- At the counter of which municipality a till stands, whose clerks then work there for its organiser; NULL: at its own box office.
ALTER TABLE credits.till ADD COLUMN counter_refnis text CHECK (counter_refnis ~ '^[0-9]{5}$');

-- How often more was to go to the safe than the books have in the drawer: after some times nothing goes there before a count.
ALTER TABLE credits.till_session ADD COLUMN refused_drops smallint NOT NULL DEFAULT 0;

-- What a refund from a drawer was set against: the receipt of what was sold in the same moment, in a swap.
ALTER TABLE credits.till_movement ADD COLUMN receipt_id uuid;

-- As before, with the receipt that a refund was set against. Write movements of cash, each once, with its transfer: `other` is the account of the seller at the other side. The caller
-- has locked the sessions and read them open under that lock.
CREATE OR REPLACE FUNCTION credits.write_till_movements(p_region integer, p_rows json, p_now timestamptz) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
DECLARE v_new json; v_money json;
BEGIN
    SELECT json_agg(e.value) INTO v_new FROM json_array_elements(p_rows) AS e (value)
    WHERE NOT EXISTS (
        SELECT 1 FROM credits.till_movement AS m WHERE m.region_id = p_region AND m.id = (e.value ->> 'id')::uuid
    );
    IF v_new IS NULL THEN RETURN; END IF;
    INSERT INTO credits.till_movement
        (region_id, id, till_session_id, kind, amount_cents, refund_id, receipt_id, reference, reason, made_by, made_at)
    SELECT p_region, r.*, p_now
    FROM json_to_recordset(v_new) AS r (
        id uuid, till_session_id uuid, kind credits.till_movement_kind, amount_cents bigint, refund_id uuid, receipt_id uuid,
        reference text, reason text, made_by uuid
    );
    SELECT json_agg(json_build_object(
        'id', r.id, 'kind', r.kind, 'amount_cents', abs(r.amount_cents),
        'debit_id', CASE WHEN r.amount_cents > 0 THEN o.account_id ELSE s.till_account_id END,
        'credit_id', CASE WHEN r.amount_cents > 0 THEN s.till_account_id ELSE o.account_id END,
        'booking_id', r.booking_id, 'line_no', r.line_no, 'payment_id', r.payment_id, 'reference', r.reference,
        'reason', r.reason
    )) INTO v_money
    FROM json_to_recordset(v_new) AS r (
        id uuid, till_session_id uuid, kind text, other text, amount_cents bigint, reference text, reason text,
        booking_id uuid, line_no smallint, payment_id uuid
    )
    JOIN credits.till_session AS w ON w.region_id = p_region AND w.id = r.till_session_id
    JOIN credits.till AS t ON t.region_id = p_region AND t.id = w.till_id
    JOIN credits.seller AS s ON s.region_id = p_region AND s.organiser_id = t.seller_id
    CROSS JOIN LATERAL (SELECT CASE r.other
        WHEN 'safe' THEN s.safe_account_id WHEN 'bank' THEN s.bank_account_id WHEN 'sale' THEN s.sale_account_id
        WHEN 'rounding' THEN s.rounding_account_id WHEN 'difference' THEN s.difference_account_id
    END) AS o (account_id);
    PERFORM credits.write_money(p_region, v_money, p_now);
END $$;

-- Pay refunds that are due in cash, each once: the refund is done, and the money left the drawer. One that this same movement
-- paid before changes nothing; one that was paid otherwise, or at a till that is not open, refuses the whole batch. The
-- shape of `p_rows` is `TillRefund` in credits/till/giving_back.py.
CREATE OR REPLACE FUNCTION credits.write_till_refunds(p_region integer, p_rows json, p_now timestamptz) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
DECLARE v_sessions uuid[]; v_refunds uuid[]; v_new json; v_asked integer; v_done integer;
BEGIN
    SELECT array_agg(DISTINCT r.till_session_id), array_agg(r.refund_id) INTO v_sessions, v_refunds
    FROM json_to_recordset(p_rows) AS r (till_session_id uuid, refund_id uuid);
    PERFORM credits.lock_till_sessions(p_region, v_sessions);
    PERFORM FROM credits.refund AS f WHERE f.region_id = p_region AND f.id = ANY (v_refunds)
    ORDER BY f.id
    FOR NO KEY UPDATE;
    SELECT json_agg(e.value) INTO v_new FROM json_array_elements(p_rows) AS e (value)
    WHERE NOT EXISTS (
        SELECT 1 FROM credits.till_movement AS m WHERE m.region_id = p_region AND m.id = (e.value ->> 'id')::uuid
            AND m.refund_id = (e.value ->> 'refund_id')::uuid
    );
    IF v_new IS NULL THEN RETURN; END IF;

    SELECT json_array_length(v_new), count(*) INTO v_asked, v_done
    FROM json_to_recordset(v_new) AS r (refund_id uuid, till_session_id uuid)
    JOIN credits.open_till_sessions(p_region, v_sessions) AS s ON s.id = r.till_session_id
    JOIN credits.refund AS f ON f.region_id = p_region AND f.id = r.refund_id AND f.way = 'cash' AND f.status = 'due'
    JOIN credits.payment AS p ON p.region_id = p_region AND p.id = f.payment_id AND p.seller_id = s.seller_id;
    IF v_asked <> v_done THEN
        RAISE EXCEPTION 'a refund that is not due at this till' USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;

    PERFORM credits.write_till_movements(p_region, json_agg(x), p_now) FROM (
        SELECT r.id, r.till_session_id, 'refund' AS kind, 'sale' AS other, -f.amount_cents AS amount_cents, r.made_by,
            f.id AS refund_id, r.receipt_id, f.booking_id, f.line_no, f.payment_id
        FROM json_to_recordset(v_new) AS r (id uuid, till_session_id uuid, refund_id uuid, receipt_id uuid, made_by uuid)
        JOIN credits.refund AS f ON f.region_id = p_region AND f.id = r.refund_id
        UNION ALL
        SELECT r.rounding_id, r.till_session_id, 'rounding', 'rounding', r.rounding_cents, r.made_by,
            f.id, r.receipt_id, f.booking_id, f.line_no, f.payment_id
        FROM json_to_recordset(v_new) AS r (
            rounding_id uuid, till_session_id uuid, refund_id uuid, receipt_id uuid, made_by uuid, rounding_cents integer
        )
        JOIN credits.refund AS f ON f.region_id = p_region AND f.id = r.refund_id
        WHERE r.rounding_cents <> 0
    ) AS x;
    UPDATE credits.refund AS f SET status = 'done', sent_at = p_now, done_at = p_now
    WHERE f.region_id = p_region AND f.id IN (SELECT r.refund_id FROM json_to_recordset(v_new) AS r (refund_id uuid));
    PERFORM credits.mark_refunded(p_region, x.payment_id) FROM (
        SELECT DISTINCT f.payment_id FROM credits.refund AS f WHERE f.region_id = p_region AND f.id = ANY (v_refunds)
        ORDER BY f.payment_id
    ) AS x;
END $$;
