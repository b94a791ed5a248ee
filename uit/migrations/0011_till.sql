-- The till: drawers, who worked at them, receipts with their tenders, and every movement of cash. What moves money is also
-- a transfer of the ledger, under the same id: so a drawer ties to the books cent by cent.

-- Codes of Belgian VAT, with the days between which they hold. Which code an activity has, the adviser of its organiser
-- confirms; nothing here decides that. `rate_bp`: hundredths of a percent, in the price.
CREATE TABLE credits.vat_code (
    code text NOT NULL CHECK (code ~ '^[a-z0-9][a-z0-9-]{0,39}$'),
    name text NOT NULL,
    rate_bp integer NOT NULL CHECK (rate_bp BETWEEN 0 AND 10000),
    exempt_reason text,
    starts_on date NOT NULL,
    ends_on date,
    PRIMARY KEY (code, starts_on),
    CONSTRAINT what_is_exempt_has_no_rate CHECK (exempt_reason IS NULL OR rate_bp = 0),
    CONSTRAINT one_rate_at_a_time EXCLUDE USING gist (code WITH =, daterange(starts_on, ends_on, '[]') WITH &&)
);
INSERT INTO credits.vat_code (code, name, rate_bp, exempt_reason, starts_on) VALUES
    ('standard-21', 'Btw 21 %', 2100, NULL, '1996-01-01'),
    ('reduced-12', 'Btw 12 %', 1200, NULL, '1996-01-01'),
    ('reduced-6', 'Btw 6 %', 600, NULL, '1996-01-01'),
    ('zero', 'Btw 0 %', 0, NULL, '1996-01-01'),
    ('exempt-44-2-6', 'Vrij van btw (art. 44 §2, 6°)', 0, 'Btw-Wetboek, artikel 44, paragraaf 2, 6°', '1996-01-01'),
    ('exempt-44-2-7', 'Vrij van btw (art. 44 §2, 7°)', 0, 'Btw-Wetboek, artikel 44, paragraaf 2, 7°', '1996-01-01'),
    ('exempt-44-2-9', 'Vrij van btw (art. 44 §2, 9°)', 0, 'Btw-Wetboek, artikel 44, paragraaf 2, 9°', '1996-01-01');

-- What a region sets. A closing that leaves less than this in the drawer needs no second signature; without a row, each does.
CREATE TABLE credits.till_rule (
    region_id integer NOT NULL REFERENCES uit.region,
    second_signature_cents integer NOT NULL CHECK (second_signature_cents >= 0),
    PRIMARY KEY (region_id)
);

-- A drawer, such as "Kassa inkom": of the organiser whose staff works there, in the books of the seller that it had when the
-- till was made, which under a mandate is an agent.
CREATE TABLE credits.till (
    region_id integer NOT NULL,
    id uuid NOT NULL,
    organiser_id uuid NOT NULL,
    seller_id uuid NOT NULL,
    name text NOT NULL,
    made_at timestamptz NOT NULL,
    PRIMARY KEY (region_id, id),
    CONSTRAINT one_till_of_a_name UNIQUE (region_id, organiser_id, name),
    FOREIGN KEY (region_id, organiser_id) REFERENCES credits.seller (region_id, organiser_id),
    FOREIGN KEY (region_id, seller_id) REFERENCES credits.seller (region_id, organiser_id)
);

-- One person at one till, from a counted float to a count that they make without knowing what it should be. Three states:
-- open, counted (nothing is sold any more), closed. `carried_cents` is what the last closing left by the books;
-- `found_cents` what was there when it was opened; `left_cents` what stays for the next.
-- Who opens next, and is somebody else, signs for what was left: confirmed, or disputed with a reason.
CREATE TYPE credits.till_signature AS ENUM ('confirmed', 'disputed');
CREATE TABLE credits.till_session (
    region_id integer NOT NULL,
    id uuid NOT NULL,
    till_id uuid NOT NULL,
    no integer NOT NULL CHECK (no > 0),
    opened_by uuid NOT NULL,
    opened_at timestamptz NOT NULL,
    carried_cents bigint NOT NULL CHECK (carried_cents >= 0),
    found_cents bigint NOT NULL CHECK (found_cents >= 0),
    counted_cents bigint CHECK (counted_cents >= 0),
    expected_cents bigint,
    denominations jsonb,
    counted_by uuid,
    counted_at timestamptz,
    left_cents bigint CHECK (left_cents >= 0),
    difference_reason text,
    needs_signature boolean NOT NULL DEFAULT false,
    closed_by uuid,
    closed_at timestamptz,
    signature credits.till_signature,
    signature_reason text,
    signed_by uuid,
    signed_at timestamptz,
    PRIMARY KEY (region_id, id),
    UNIQUE (region_id, till_id, no),
    FOREIGN KEY (region_id, till_id) REFERENCES credits.till (region_id, id),
    CONSTRAINT a_count_is_whole CHECK (num_nulls(counted_cents, expected_cents, counted_by, counted_at) IN (0, 4)),
    CONSTRAINT a_closing_follows_a_count CHECK (
        num_nulls(left_cents, closed_by, closed_at) IN (0, 3)
        AND (closed_at IS NULL OR (counted_at IS NOT NULL AND left_cents <= counted_cents))
    ),
    CONSTRAINT a_difference_has_its_reason CHECK (
        closed_at IS NULL OR counted_cents = expected_cents OR difference_reason IS NOT NULL
    ),
    CONSTRAINT another_signs CHECK (signed_by IS NULL OR (closed_at IS NOT NULL AND signed_by <> closed_by)),
    CONSTRAINT a_dispute_says_why CHECK (signature IS DISTINCT FROM 'disputed' OR signature_reason IS NOT NULL)
);
CREATE UNIQUE INDEX one_session_at_a_till ON credits.till_session (region_id, till_id) WHERE closed_at IS NULL;

-- What went in or out of a drawer beside sales: above zero is in. Each is a transfer with the same id.
CREATE TYPE credits.till_movement_kind AS ENUM ('float', 'drop', 'refund', 'rounding', 'difference');
CREATE TABLE credits.till_movement (
    region_id integer NOT NULL,
    id uuid NOT NULL,
    till_session_id uuid NOT NULL,
    kind credits.till_movement_kind NOT NULL,
    amount_cents bigint NOT NULL CHECK (amount_cents <> 0),
    refund_id uuid,
    reference text,
    reason text,
    made_by uuid NOT NULL,
    made_at timestamptz NOT NULL,
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, till_session_id) REFERENCES credits.till_session (region_id, id),
    CONSTRAINT a_drop_goes_out CHECK (kind NOT IN ('drop', 'refund') OR amount_cents < 0),
    CONSTRAINT a_float_comes_in CHECK (kind <> 'float' OR amount_cents > 0),
    CONSTRAINT a_refund_is_named CHECK (kind <> 'refund' OR refund_id IS NOT NULL)
);
CREATE INDEX till_movement_of_session ON credits.till_movement (region_id, till_session_id);
-- Money is given back once.
CREATE UNIQUE INDEX refund_is_paid_once ON credits.till_movement (region_id, refund_id) WHERE kind = 'refund';

-- The last number that a seller gave in a year of Brussels. Its row is locked while a number is given, so there are no gaps.
CREATE TABLE credits.receipt_series (
    region_id integer NOT NULL,
    seller_id uuid NOT NULL,
    year smallint NOT NULL,
    last_no integer NOT NULL CHECK (last_no > 0),
    PRIMARY KEY (region_id, seller_id, year)
);

-- A sale at a till. Never changed. `sold_on`: the day of the sale; a paper receipt, with its own number, was written on that
-- day and entered later. `rounding_cents` is what the rounding of cash added; its transfer is `rounding_id`.
CREATE TABLE credits.receipt (
    region_id integer NOT NULL,
    id uuid NOT NULL,
    seller_id uuid NOT NULL,
    year smallint NOT NULL,
    no integer NOT NULL,
    till_session_id uuid NOT NULL,
    booking_id uuid,
    payment_id uuid,
    total_cents integer NOT NULL CHECK (total_cents >= 0),
    rounding_cents smallint NOT NULL DEFAULT 0 CHECK (rounding_cents BETWEEN -2 AND 2),
    rounding_id uuid,
    paper_no text,
    sold_on date NOT NULL,
    sold_by uuid NOT NULL,
    made_at timestamptz NOT NULL,
    PRIMARY KEY (region_id, id),
    CONSTRAINT one_receipt_of_a_number UNIQUE (region_id, seller_id, year, no),
    FOREIGN KEY (region_id, till_session_id) REFERENCES credits.till_session (region_id, id),
    CONSTRAINT rounding_has_its_transfer CHECK ((rounding_cents = 0) = (rounding_id IS NULL))
);
CREATE INDEX receipt_of_session ON credits.receipt (region_id, till_session_id, no);
CREATE INDEX receipt_of_booking ON credits.receipt (region_id, booking_id) WHERE booking_id IS NOT NULL;
CREATE UNIQUE INDEX paper_is_entered_once ON credits.receipt (region_id, seller_id, paper_no) WHERE paper_no IS NOT NULL;

-- What was sold: `amount_cents` with VAT in it, for all places of the line, also what credit paid of it.
CREATE TABLE credits.receipt_line (
    region_id integer NOT NULL,
    receipt_id uuid NOT NULL,
    no smallint NOT NULL,
    words text NOT NULL,
    places smallint NOT NULL DEFAULT 1 CHECK (places > 0),
    vat_code text NOT NULL,
    vat_rate_bp integer NOT NULL,
    amount_cents integer NOT NULL CHECK (amount_cents >= 0),
    booking_line_no smallint,
    PRIMARY KEY (region_id, receipt_id, no),
    FOREIGN KEY (region_id, receipt_id) REFERENCES credits.receipt (region_id, id)
);

-- How it was paid. What credit paid is said and not moved here; cash and terminal are transfers with the same id.
CREATE TYPE credits.tender_means AS ENUM ('cash', 'terminal', 'credit');
CREATE TABLE credits.tender (
    region_id integer NOT NULL,
    id uuid NOT NULL,
    receipt_id uuid NOT NULL,
    means credits.tender_means NOT NULL,
    amount_cents integer NOT NULL CHECK (amount_cents > 0),
    reference text,
    PRIMARY KEY (region_id, id),
    CONSTRAINT one_tender_of_a_means UNIQUE (region_id, receipt_id, means),
    FOREIGN KEY (region_id, receipt_id) REFERENCES credits.receipt (region_id, id),
    CONSTRAINT a_terminal_has_its_reference CHECK (means <> 'terminal' OR reference IS NOT NULL)
);

-- Each time a receipt was printed: the first is the receipt, all later ones are marked as a duplicate.
CREATE TABLE credits.receipt_print (
    region_id integer NOT NULL,
    receipt_id uuid NOT NULL,
    no smallint NOT NULL,
    printed_by uuid NOT NULL,
    printed_at timestamptz NOT NULL,
    PRIMARY KEY (region_id, receipt_id, no),
    FOREIGN KEY (region_id, receipt_id) REFERENCES credits.receipt (region_id, id)
);

-- First the lock, in key order; whether somebody still sells there is read in a later statement.
CREATE FUNCTION credits.lock_till_sessions(p_region integer, p_ids uuid[]) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
BEGIN
    PERFORM FROM credits.till_session AS s WHERE s.region_id = p_region AND s.id = ANY (p_ids)
    ORDER BY s.id
    FOR NO KEY UPDATE;
END $$;

-- Those of these sessions in which can be sold now, each with its seller and who works there.
CREATE FUNCTION credits.open_till_sessions(p_region integer, p_ids uuid[])
RETURNS TABLE (id uuid, till_id uuid, seller_id uuid, opened_by uuid)
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY SELECT s.id, s.till_id, t.seller_id, s.opened_by
    FROM credits.till_session AS s
    JOIN credits.till AS t ON t.region_id = p_region AND t.id = s.till_id
    WHERE s.region_id = p_region AND s.id = ANY (p_ids) AND s.counted_at IS NULL;
END $$;

-- What should be in the drawer of each of these sessions: what it was opened with, what moved, and what was sold for cash.
CREATE FUNCTION credits.drawer_cents(p_region integer, p_ids uuid[]) RETURNS TABLE (till_session_id uuid, cents bigint)
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY SELECT s.id, (s.carried_cents
        + (SELECT coalesce(sum(m.amount_cents), 0) FROM credits.till_movement AS m
            WHERE m.region_id = p_region AND m.till_session_id = s.id)
        + (SELECT coalesce(sum(r.rounding_cents), 0) FROM credits.receipt AS r
            WHERE r.region_id = p_region AND r.till_session_id = s.id)
        + (SELECT coalesce(sum(t.amount_cents), 0) FROM credits.receipt AS r
            JOIN credits.tender AS t ON t.region_id = p_region AND t.receipt_id = r.id AND t.means = 'cash'
            WHERE r.region_id = p_region AND r.till_session_id = s.id))::bigint
    FROM credits.till_session AS s
    WHERE s.region_id = p_region AND s.id = ANY (p_ids);
END $$;

-- Write sales, each once: a receipt that is there already changes nothing. The shape of `p_rows` is `Sale` in
-- credits/till/sale.py. Every new one takes the next number of its seller; where the session is not open any more, or is not
-- that seller's, the whole batch is refused.
CREATE FUNCTION credits.write_receipts(p_region integer, p_rows json, p_now timestamptz) RETURNS void
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

-- Write movements of cash, each once, with its transfer: `other` is the account of the seller at the other side. The caller
-- has locked the sessions and read them open under that lock.
CREATE FUNCTION credits.write_till_movements(p_region integer, p_rows json, p_now timestamptz) RETURNS void
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
        (region_id, id, till_session_id, kind, amount_cents, refund_id, reference, reason, made_by, made_at)
    SELECT p_region, r.*, p_now
    FROM json_to_recordset(v_new) AS r (
        id uuid, till_session_id uuid, kind credits.till_movement_kind, amount_cents bigint, refund_id uuid, reference text,
        reason text, made_by uuid
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
CREATE FUNCTION credits.write_till_refunds(p_region integer, p_rows json, p_now timestamptz) RETURNS void
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
            f.id AS refund_id, f.booking_id, f.line_no, f.payment_id
        FROM json_to_recordset(v_new) AS r (id uuid, till_session_id uuid, refund_id uuid, made_by uuid)
        JOIN credits.refund AS f ON f.region_id = p_region AND f.id = r.refund_id
        UNION ALL
        SELECT r.rounding_id, r.till_session_id, 'rounding', 'rounding', r.rounding_cents, r.made_by,
            f.id, f.booking_id, f.line_no, f.payment_id
        FROM json_to_recordset(v_new) AS r (
            rounding_id uuid, till_session_id uuid, refund_id uuid, made_by uuid, rounding_cents integer
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

GRANT SELECT ON credits.vat_code TO uit_app;
GRANT SELECT, INSERT ON credits.till_movement, credits.receipt, credits.receipt_line, credits.tender,
    credits.receipt_print TO uit_app;
GRANT SELECT, INSERT, UPDATE ON credits.till_rule, credits.till, credits.till_session, credits.receipt_series TO uit_app;

INSERT INTO uit.retention (table_name, class, since) VALUES
    ('credits.vat_code', 'reference', NULL), ('credits.till_rule', 'scheme', NULL),
    ('credits.till', 'accounts', NULL), ('credits.till_session', 'accounts', NULL),
    ('credits.till_movement', 'accounts', NULL), ('credits.receipt_series', 'accounts', NULL),
    ('credits.receipt', 'accounts', NULL), ('credits.receipt_line', 'accounts', NULL),
    ('credits.tender', 'accounts', NULL), ('credits.receipt_print', 'accounts', NULL);
