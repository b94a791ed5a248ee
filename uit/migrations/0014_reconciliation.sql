-- What comes after a payment: disputes, refunds that fail, and the provider's own books beside ours.
-- See docs/decisions/0014-how-a-booking-is-paid.md.

-- A payer contests a payment at the bank, which takes the money until it is decided. `external_id`: as the provider calls it.
CREATE TYPE credits.dispute_status AS ENUM ('open', 'won', 'lost');
CREATE TABLE credits.dispute (
    region_id integer NOT NULL,
    id uuid NOT NULL,
    external_id text NOT NULL,
    payment_id uuid NOT NULL,
    booking_id uuid NOT NULL,
    seller_id uuid NOT NULL,
    amount_cents integer NOT NULL CHECK (amount_cents > 0),
    status credits.dispute_status NOT NULL DEFAULT 'open',
    opened_at timestamptz NOT NULL,
    ended_at timestamptz,
    PRIMARY KEY (region_id, id),
    UNIQUE (region_id, external_id),
    FOREIGN KEY (region_id, payment_id) REFERENCES credits.payment (region_id, id),
    CONSTRAINT a_dispute_that_ended_has_a_moment CHECK ((status = 'open') = (ended_at IS NULL))
);
CREATE INDEX dispute_of_payment ON credits.dispute (region_id, payment_id);
CREATE INDEX dispute_of_seller ON credits.dispute (region_id, seller_id, opened_at);

-- The part of a refund that its payer already had of the bank, by a dispute that was lost: it is not paid twice.
ALTER TABLE credits.refund ADD COLUMN IF NOT EXISTS by_bank_cents integer NOT NULL DEFAULT 0;

-- The last day of which the provider's books were compared with ours, and when the next comparison is due; NULL: at once.
ALTER TABLE credits.seller ADD COLUMN IF NOT EXISTS reconciled_on date;
ALTER TABLE credits.seller ADD COLUMN IF NOT EXISTS reconcile_due_at timestamptz;

-- A line of the provider's own books of an account. `kind`: charge, refund, dispute, payout or other. `reference`: what moved, as our
-- transfers call it. `transfer_id`: where our books take it over, as they do a payout.
CREATE TABLE credits.provider_entry (
    region_id integer NOT NULL,
    id text NOT NULL,
    seller_id uuid NOT NULL,
    kind text NOT NULL,
    amount_cents bigint NOT NULL,
    fee_cents bigint NOT NULL,
    reference text NOT NULL,
    booking_id uuid,
    transfer_id uuid,
    made_at timestamptz NOT NULL,
    PRIMARY KEY (region_id, id)
);
CREATE INDEX provider_entry_of_seller ON credits.provider_entry (region_id, seller_id, made_at);
CREATE INDEX provider_entry_reference ON credits.provider_entry (region_id, reference);

-- Where both do not agree: `expected_cents` is in our books, `found_cents` in the provider's. Somebody closes it with a reason, once;
-- `closed_by` is empty for one that went by itself.
CREATE TABLE credits.difference (
    region_id integer NOT NULL,
    id uuid NOT NULL,
    seller_id uuid NOT NULL,
    kind text NOT NULL,
    external_id text NOT NULL,
    booking_id uuid,
    expected_cents bigint NOT NULL,
    found_cents bigint NOT NULL,
    day date NOT NULL,
    opened_at timestamptz NOT NULL,
    closed_at timestamptz,
    closed_by uuid,
    reason text,
    PRIMARY KEY (region_id, id),
    UNIQUE (region_id, seller_id, kind, external_id),
    CONSTRAINT who_closes_says_why CHECK (closed_by IS NULL OR (closed_at IS NOT NULL AND reason IS NOT NULL))
);
CREATE INDEX difference_open ON credits.difference (region_id, day) WHERE closed_at IS NULL;

-- Their tables came with the same release, so that nobody waits for these.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX IF NOT EXISTS payment_of_seller ON credits.payment (region_id, seller_id, paid_at) WHERE means = 'card';
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX IF NOT EXISTS refund_done ON credits.refund (region_id, done_at) WHERE done_at IS NOT NULL;

GRANT SELECT, INSERT, UPDATE ON credits.dispute, credits.difference TO uit_app;
GRANT SELECT, INSERT ON credits.provider_entry TO uit_app;
INSERT INTO uit.retention (table_name, class, since) VALUES
    ('credits.dispute', 'accounts', NULL), ('credits.provider_entry', 'accounts', NULL), ('credits.difference', 'accounts', NULL);

-- What a dispute that was lost already gave back to the payer goes off what is still due of that payment, the oldest first.
CREATE FUNCTION credits.cover_refunds(p_region integer, p_payment uuid, p_now timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE v_left bigint; v_reference text;
BEGIN
    PERFORM 1 FROM credits.payment AS p
    WHERE p.region_id = p_region AND p.id = ANY (ARRAY[p_payment]) FOR NO KEY UPDATE;
    SELECT coalesce(sum(d.amount_cents), 0), max(d.external_id) INTO v_left, v_reference
    FROM credits.dispute AS d WHERE d.region_id = p_region AND d.payment_id = p_payment AND d.status = 'lost';
    SELECT v_left - coalesce(sum(r.by_bank_cents), 0) INTO v_left
    FROM credits.refund AS r WHERE r.region_id = p_region AND r.payment_id = p_payment;
    UPDATE credits.refund AS r
    SET by_bank_cents = r.by_bank_cents + x.covered,
        status = CASE WHEN r.by_bank_cents + x.covered = r.amount_cents THEN 'done' ELSE 'due' END::credits.refund_status,
        done_at = CASE WHEN r.by_bank_cents + x.covered = r.amount_cents THEN p_now END,
        external_id = v_reference
    FROM (
        SELECT d.id, least(d.open_cents, greatest(v_left - d.before, 0)) AS covered
        FROM (
            SELECT f.id, f.amount_cents - f.by_bank_cents AS open_cents,
                sum(f.amount_cents - f.by_bank_cents) OVER (ORDER BY f.decided_at, f.id) - (f.amount_cents - f.by_bank_cents) AS before
            FROM credits.refund AS f
            WHERE f.region_id = p_region AND f.payment_id = p_payment AND f.status = 'due'
        ) AS d
    ) AS x
    WHERE r.region_id = p_region AND r.id = x.id AND x.covered > 0;
    PERFORM credits.mark_refunded(p_region, p_payment);
END $$;

-- A dispute as the provider says it stands now; each of its steps moves the money once. `p_id` is also the id of the transfer that
-- opens it, and `p_end_id` that of the one that ends it. When it ends, what waited for it is asked for again.
CREATE FUNCTION credits.follow_dispute(
    p_region integer, p_payment uuid, p_id uuid, p_end_id uuid, p_external text, p_cents integer, p_status text, p_now timestamptz
) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE v_payment credits.payment; v_seller credits.seller; v_done integer;
BEGIN
    SELECT p.* INTO v_payment FROM credits.payment AS p
    WHERE p.region_id = p_region AND p.id = ANY (ARRAY[p_payment]) FOR NO KEY UPDATE;
    SELECT s.* INTO v_seller FROM credits.seller AS s
    WHERE s.region_id = p_region AND s.organiser_id = v_payment.seller_id;
    INSERT INTO credits.dispute (region_id, id, external_id, payment_id, booking_id, seller_id, amount_cents, opened_at)
    VALUES (p_region, p_id, p_external, p_payment, v_payment.booking_id, v_payment.seller_id, p_cents, p_now)
    ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS v_done = ROW_COUNT;
    IF v_done > 0 THEN
        PERFORM credits.write_money(p_region, json_build_array(json_build_object(
            'id', p_id, 'kind', 'dispute', 'debit_id', v_seller.card_account_id, 'credit_id', v_seller.disputed_account_id,
            'amount_cents', p_cents, 'booking_id', v_payment.booking_id, 'payment_id', p_payment, 'reference', p_external
        )), p_now);
    END IF;
    IF p_status = 'open' THEN RETURN; END IF;
    UPDATE credits.dispute AS d SET status = p_status::credits.dispute_status, ended_at = p_now
    WHERE d.region_id = p_region AND d.id = p_id AND d.status = 'open';
    GET DIAGNOSTICS v_done = ROW_COUNT;
    IF v_done = 0 THEN RETURN; END IF;
    PERFORM credits.write_money(p_region, json_build_array(json_build_object(
        'id', p_end_id, 'kind', 'dispute_' || p_status, 'debit_id', v_seller.disputed_account_id,
        'credit_id', CASE p_status WHEN 'won' THEN v_seller.card_account_id ELSE v_seller.sale_account_id END,
        'amount_cents', p_cents, 'booking_id', v_payment.booking_id, 'payment_id', p_payment, 'reference', p_external
    )), p_now);
    PERFORM credits.cover_refunds(p_region, p_payment, p_now);
    PERFORM uit.write_outbox(p_region, (
        SELECT json_agg(json_build_object(
            'topic', 'payment.refund', 'key', r.id, 'payload', json_build_object('booking_id', r.booking_id)
        ))
        FROM credits.refund AS r
        WHERE r.region_id = p_region AND r.payment_id = p_payment AND r.status = 'due' AND r.way = 'card'
    ), p_now);
END $$;

-- A refund that arrived, by whichever way: the money leaves the books with it, once. Whether it did now. One that became a transfer
-- is not done by its card any more, also when that was read before its bank sent the money home.
CREATE FUNCTION credits.finish_refund(
    p_region integer, p_refund uuid, p_transfer uuid, p_from text, p_reference text, p_now timestamptz
) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE v_payment uuid;
BEGIN
    UPDATE credits.refund AS r SET status = 'done', done_at = p_now, external_id = p_reference
    WHERE r.region_id = p_region AND r.id = p_refund AND r.status IN ('due', 'sent') AND (r.way = 'card') = (p_from = 'card')
    RETURNING r.payment_id INTO v_payment;
    IF v_payment IS NULL THEN RETURN false; END IF;
    PERFORM credits.write_money(p_region, (
        SELECT json_build_array(json_build_object(
            'id', p_transfer, 'kind', 'refund', 'credit_id', s.sale_account_id,
            'debit_id', CASE p_from WHEN 'card' THEN s.card_account_id ELSE s.bank_account_id END,
            'amount_cents', r.amount_cents - r.by_bank_cents, 'booking_id', r.booking_id, 'line_no', r.line_no,
            'payment_id', r.payment_id, 'reference', p_reference
        ))
        FROM credits.refund AS r
        JOIN credits.payment AS p ON p.region_id = p_region AND p.id = r.payment_id
        JOIN credits.seller AS s ON s.region_id = p_region AND s.organiser_id = p.seller_id
        WHERE r.region_id = p_region AND r.id = p_refund
    ), p_now);
    PERFORM credits.mark_refunded(p_region, v_payment);
    RETURN true;
END $$;

-- The card is gone, or its bank sent the money home: what is owed is to be paid by transfer. What had left the books comes back.
CREATE FUNCTION credits.fail_refund(
    p_region integer, p_refund uuid, p_failure text, p_reversal uuid, p_now timestamptz
) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE v_refund credits.refund;
BEGIN
    SELECT r.* INTO v_refund FROM credits.refund AS r
    WHERE r.region_id = p_region AND r.id = ANY (ARRAY[p_refund]) FOR NO KEY UPDATE;
    IF v_refund.way <> 'card' OR v_refund.by_bank_cents = v_refund.amount_cents THEN RETURN; END IF;
    UPDATE credits.refund AS r
    SET way = 'transfer', status = 'due', failure = p_failure, done_at = NULL, arrives_on = NULL
    WHERE r.region_id = p_region AND r.id = p_refund;
    WITH back AS (
        INSERT INTO credits.transfer
            (region_id, id, kind, debit_id, credit_id, amount_cents, at, booking_id, line_no, payment_id, reference, reverses_id, reason)
        SELECT p_region, p_reversal, 'reversal', t.credit_id, t.debit_id, t.amount_cents, p_now, t.booking_id, t.line_no,
            t.payment_id, t.reference, t.id, p_failure
        FROM credits.transfer AS t
        WHERE t.region_id = p_region AND t.id = p_refund AND t.kind = 'refund' AND v_refund.status = 'done'
        RETURNING id, debit_id, credit_id, amount_cents
    )
    INSERT INTO credits.entry (region_id, account_id, transfer_id, amount_cents)
    SELECT p_region, credit_id, id, amount_cents FROM back
    UNION ALL
    SELECT p_region, debit_id, id, -amount_cents FROM back;
    PERFORM credits.mark_refunded(p_region, v_refund.payment_id);
END $$;

-- Lines of the provider's books, each once, and what our books take over of them: what it keeps, and what it pays out to the bank.
CREATE FUNCTION credits.store_provider_entries(p_region integer, p_rows json, p_now timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
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
            seller_id uuid, kind text, amount_cents bigint, fee_cents bigint, reference text, booking_id uuid, payment_id uuid,
            transfer_id uuid, fee_id uuid
        )
        JOIN credits.seller AS s ON s.region_id = p_region AND s.organiser_id = r.seller_id
    ), wanted AS (
        SELECT a.fee_id AS id, 'fee'::credits.transfer_kind AS kind, a.card_account_id AS from_id, a.fee_account_id AS to_id,
            a.fee_cents AS cents, a.booking_id, a.payment_id, a.reference
        FROM asked AS a WHERE a.fee_id IS NOT NULL AND a.fee_cents <> 0
        UNION ALL
        SELECT a.transfer_id, 'card_payout', a.card_account_id, a.bank_account_id, -a.amount_cents, NULL, NULL, a.reference
        FROM asked AS a WHERE a.transfer_id IS NOT NULL
    ), moved AS (
        INSERT INTO credits.transfer
            (region_id, id, kind, debit_id, credit_id, amount_cents, at, booking_id, payment_id, reference)
        SELECT p_region, w.id, w.kind, CASE WHEN w.cents > 0 THEN w.from_id ELSE w.to_id END,
            CASE WHEN w.cents > 0 THEN w.to_id ELSE w.from_id END, abs(w.cents), p_now, w.booking_id, w.payment_id, w.reference
        FROM wanted AS w
        ON CONFLICT (region_id, id) DO NOTHING
        RETURNING id, debit_id, credit_id, amount_cents
    )
    INSERT INTO credits.entry (region_id, account_id, transfer_id, amount_cents)
    SELECT p_region, credit_id, id, amount_cents FROM moved
    UNION ALL
    SELECT p_region, debit_id, id, -amount_cents FROM moved;
END $$;

-- What a seller's card account and the provider's books say of everything that moved in a time, and of what was open before. What differs
-- is listed, what agrees by now is closed. A refund that is under way is with the provider first. Returns how many are open.
CREATE FUNCTION credits.compare_provider(
    p_region integer, p_seller uuid, p_since timestamptz, p_until timestamptz, p_day date, p_now timestamptz
) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE v_card uuid; v_fee uuid;
BEGIN
    SELECT s.card_account_id, s.fee_account_id INTO v_card, v_fee
    FROM credits.seller AS s WHERE s.region_id = p_region AND s.organiser_id = p_seller;
    WITH asked AS (
        SELECT e.kind, e.reference, e.booking_id FROM credits.provider_entry AS e
        WHERE e.region_id = p_region AND e.seller_id = p_seller AND e.made_at >= p_since AND e.made_at < p_until
        UNION
        SELECT 'charge', p.reference, p.booking_id FROM credits.payment AS p
        WHERE p.region_id = p_region AND p.seller_id = p_seller AND p.means = 'card'
            AND p.paid_at >= p_since AND p.paid_at < p_until
        UNION
        SELECT 'refund', r.external_id, r.booking_id FROM credits.refund AS r
        JOIN credits.payment AS p ON p.region_id = p_region AND p.id = r.payment_id
        WHERE r.region_id = p_region AND r.done_at >= p_since AND r.done_at < p_until AND r.way = 'card'
            AND r.by_bank_cents < r.amount_cents AND p.seller_id = p_seller
        UNION
        SELECT 'dispute', d.external_id, d.booking_id FROM credits.dispute AS d
        WHERE d.region_id = p_region AND d.seller_id = p_seller
            AND (d.opened_at >= p_since AND d.opened_at < p_until OR d.ended_at >= p_since AND d.ended_at < p_until)
        UNION
        SELECT f.kind, f.external_id, f.booking_id FROM credits.difference AS f
        WHERE f.region_id = p_region AND f.seller_id = p_seller AND f.closed_at IS NULL AND f.kind <> 'fee'
        UNION
        SELECT e.kind, e.reference, e.booking_id FROM credits.difference AS f
        JOIN credits.provider_entry AS e ON e.region_id = p_region AND e.reference = f.external_id
        WHERE f.region_id = p_region AND f.seller_id = p_seller AND f.closed_at IS NULL AND f.kind = 'fee'
    ), item AS (
        SELECT a.kind, a.reference, max(a.booking_id::text)::uuid AS booking_id FROM asked AS a
        WHERE NOT EXISTS (
            SELECT 1 FROM credits.refund AS r
            WHERE r.region_id = p_region AND r.booking_id = a.booking_id AND r.external_id = a.reference AND r.status = 'sent'
        )
        GROUP BY a.kind, a.reference
    ), ours AS (
        SELECT i.kind, i.reference,
            sum(CASE WHEN t.kind = 'fee' THEN 0 WHEN t.credit_id = v_card THEN t.amount_cents WHEN t.debit_id = v_card THEN -t.amount_cents
                ELSE 0 END) AS cents,
            sum(CASE WHEN t.kind <> 'fee' THEN 0 WHEN t.credit_id = v_fee THEN t.amount_cents ELSE -t.amount_cents END) AS fee_cents
        FROM item AS i
        JOIN credits.transfer AS t ON t.region_id = p_region AND t.booking_id = i.booking_id AND t.reference = i.reference
        GROUP BY i.kind, i.reference
    ), theirs AS (
        SELECT i.kind, i.reference, sum(e.amount_cents) AS cents, sum(e.fee_cents) AS fee_cents,
            sum(e.amount_cents) FILTER (WHERE e.transfer_id IS NOT NULL) AS taken_over_cents
        FROM item AS i
        JOIN credits.provider_entry AS e ON e.region_id = p_region AND e.reference = i.reference AND e.kind = i.kind
        GROUP BY i.kind, i.reference
    ), pair AS (
        SELECT x.kind, i.reference, i.booking_id, x.expected, x.found
        FROM item AS i
        LEFT JOIN ours AS o ON o.kind = i.kind AND o.reference = i.reference
        LEFT JOIN theirs AS t ON t.kind = i.kind AND t.reference = i.reference
        CROSS JOIN LATERAL (VALUES
            (i.kind, coalesce(o.cents, 0) + coalesce(t.taken_over_cents, 0), coalesce(t.cents, 0)),
            ('fee', coalesce(o.fee_cents, 0), CASE WHEN i.booking_id IS NULL THEN 0 ELSE coalesce(t.fee_cents, 0) END)
        ) AS x (kind, expected, found)
    ), listed AS (
        INSERT INTO credits.difference AS f
            (region_id, id, seller_id, kind, external_id, booking_id, expected_cents, found_cents, day, opened_at)
        SELECT p_region, md5(p_seller || p.kind || p.reference)::uuid, p_seller, p.kind, p.reference, p.booking_id,
            p.expected, p.found, p_day, p_now
        FROM pair AS p WHERE p.expected <> p.found
        ON CONFLICT (region_id, seller_id, kind, external_id) DO UPDATE
        SET expected_cents = excluded.expected_cents, found_cents = excluded.found_cents, day = excluded.day,
            opened_at = excluded.opened_at, closed_at = NULL, closed_by = NULL, reason = NULL
        WHERE (f.expected_cents, f.found_cents) <> (excluded.expected_cents, excluded.found_cents)
            OR f.closed_at IS NOT NULL AND f.closed_by IS NULL
    )
    UPDATE credits.difference AS f
    SET closed_at = p_now, expected_cents = p.expected, found_cents = p.found
    FROM pair AS p
    WHERE f.region_id = p_region AND f.seller_id = p_seller AND f.kind = p.kind AND f.external_id = p.reference
        AND f.closed_at IS NULL AND p.expected = p.found;
    UPDATE credits.seller AS s SET reconciled_on = greatest(s.reconciled_on, p_day)
    WHERE s.region_id = p_region AND s.organiser_id = p_seller;
    RETURN (
        SELECT count(*) FROM credits.difference AS f
        WHERE f.region_id = p_region AND f.seller_id = p_seller AND f.closed_at IS NULL
    );
END $$;

-- Once, with who closes it and why. Whether it was still open.
CREATE FUNCTION credits.close_difference(p_region integer, p_id uuid, p_staff uuid, p_reason text, p_now timestamptz) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE v_done integer;
BEGIN
    UPDATE credits.difference AS f SET closed_at = p_now, closed_by = p_staff, reason = p_reason
    WHERE f.region_id = p_region AND f.id = p_id AND f.closed_at IS NULL;
    GET DIAGNOSTICS v_done = ROW_COUNT;
    RETURN v_done = 1;
END $$;

-- Somebody paid a refund by transfer, also one in cash that nobody fetched: once. Not while its payment is disputed. Whether it did now.
CREATE FUNCTION credits.pay_by_transfer(
    p_region integer, p_refund uuid, p_transfer uuid, p_reference text, p_paid_on date, p_now timestamptz
) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE v_done integer;
BEGIN
    UPDATE credits.refund AS r SET way = 'transfer', code = NULL, arrives_on = p_paid_on, sent_at = p_now
    WHERE r.region_id = p_region AND r.id = p_refund AND r.status = 'due' AND r.way IN ('transfer', 'cash') AND NOT EXISTS (
        SELECT 1 FROM credits.dispute AS d WHERE d.region_id = p_region AND d.payment_id = r.payment_id AND d.status = 'open'
    );
    GET DIAGNOSTICS v_done = ROW_COUNT;
    RETURN v_done = 1 AND credits.finish_refund(p_region, p_refund, p_transfer, 'bank', p_reference, p_now);
END $$;
