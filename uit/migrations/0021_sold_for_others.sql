-- What an agent owes for what it sold in its own name for others, under their mandates.

-- Of the agent's legal entity: `owed` to an organiser, below zero by what still has to be remitted; `sold_for` the other side of it, which
-- is what of its own `sale` is not its own. `sold_for` moves what of a payment belongs to an organiser, `remittance` what was paid to it.
ALTER TYPE credits.account_kind ADD VALUE IF NOT EXISTS 'owed';
ALTER TYPE credits.account_kind ADD VALUE IF NOT EXISTS 'sold_for';
ALTER TYPE credits.transfer_kind ADD VALUE IF NOT EXISTS 'sold_for';
ALTER TYPE credits.transfer_kind ADD VALUE IF NOT EXISTS 'remittance';

-- The day on which the bank moved the money of a remittance.
ALTER TABLE credits.transfer ADD COLUMN IF NOT EXISTS paid_on date;
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX IF NOT EXISTS remittance_of_account ON credits.transfer (region_id, credit_id, paid_on) WHERE paid_on IS NOT NULL;

-- Money of a payment of an agent moved, and what of it belongs to others was not reckoned since.
ALTER TABLE credits.payment ADD COLUMN IF NOT EXISTS sold_for_due boolean NOT NULL DEFAULT false;
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX IF NOT EXISTS payment_sold_for_due ON credits.payment (region_id, id) WHERE sold_for_due;

-- Which lines of a payment were sold for an organiser, and what the books say of them: what came in, and what of that went back again, or
-- was lost to the bank. Bookings, which say whose a line is, are erased long before.
CREATE TABLE credits.sold_for (
    region_id integer NOT NULL,
    payment_id uuid NOT NULL,
    organiser_id uuid NOT NULL,
    line_nos smallint[] NOT NULL,
    sold_cents bigint NOT NULL DEFAULT 0 CHECK (sold_cents >= 0),
    back_cents bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (region_id, payment_id, organiser_id),
    FOREIGN KEY (region_id, payment_id) REFERENCES credits.payment (region_id, id) ON DELETE CASCADE,
    CONSTRAINT no_more_goes_back_than_came CHECK (back_cents BETWEEN 0 AND sold_cents)
);
CREATE INDEX sold_for_organiser ON credits.sold_for (region_id, organiser_id);
GRANT SELECT, INSERT, UPDATE ON credits.sold_for TO uit_app;
INSERT INTO uit.retention (table_name, class, since) VALUES ('credits.sold_for', 'accounts', NULL);

CREATE FUNCTION credits.mark_sold_for_due() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    UPDATE credits.payment AS p SET sold_for_due = true
    WHERE p.region_id = NEW.region_id AND p.id = NEW.payment_id AND NOT p.sold_for_due AND EXISTS (
        SELECT 1 FROM organisers.mandate AS m WHERE m.region_id = NEW.region_id AND m.agent_id = p.seller_id
    );
    RETURN NULL;
END $$;
CREATE TRIGGER what_is_sold_for_others_is_due AFTER INSERT ON credits.transfer FOR EACH ROW
WHEN (NEW.payment_id IS NOT NULL
    AND NEW.kind IN ('capture', 'receipt', 'refund', 'reversal', 'dispute_lost', 'invoice_paid', 'credit_note'))
EXECUTE FUNCTION credits.mark_sold_for_due();
UPDATE credits.payment AS p SET sold_for_due = true
WHERE EXISTS (SELECT 1 FROM organisers.mandate AS m WHERE m.region_id = p.region_id AND m.agent_id = p.seller_id);

-- For each organiser whose lines a payment has: what came in for them, what of it is still there (`kept_cents`), what of that its payer
-- contests, and what is decided to go back and is still here. What a lost or open dispute takes, and what an invoice was not paid, is shared
-- out over all lines by what they are worth, to the cent.
CREATE FUNCTION credits.reckon_sold_for(p_region integer, p_payments uuid[]) RETURNS TABLE (
    payment_id uuid, organiser_id uuid, sold_cents bigint, kept_cents bigint, contested_cents bigint, returning_cents bigint
)
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY
    WITH line AS (
        SELECT p.id, l.no::smallint AS no, l.cents,
            coalesce(sum(CASE r.status WHEN 'done' THEN r.amount_cents ELSE r.by_bank_cents END), 0) AS back,
            coalesce(sum(r.amount_cents - r.by_bank_cents) FILTER (WHERE r.status <> 'done'), 0) AS going
        FROM credits.payment AS p
        CROSS JOIN LATERAL unnest(p.line_cents) WITH ORDINALITY AS l (cents, no)
        LEFT JOIN credits.refund AS r ON r.region_id = p_region AND r.payment_id = p.id AND r.line_no = l.no
        WHERE p.region_id = p_region AND p.id = ANY (p_payments)
        GROUP BY p.id, l.no, l.cents
    ), worth AS (
        SELECT l.id, sum(l.cents - l.back) AS cents FROM line AS l GROUP BY l.id
    ), taken AS (
        SELECT p.id, coalesce((
            SELECT sum(d.amount_cents) FROM credits.dispute AS d
            WHERE d.region_id = p_region AND d.payment_id = p.id AND d.status = 'lost'
        ), 0) - coalesce((
            SELECT sum(r.by_bank_cents) FROM credits.refund AS r WHERE r.region_id = p_region AND r.payment_id = p.id
        ), 0) AS lost, coalesce((
            SELECT sum(d.amount_cents) FROM credits.dispute AS d
            WHERE d.region_id = p_region AND d.payment_id = p.id AND d.status = 'open'
        ), 0) AS contested
        FROM credits.payment AS p WHERE p.region_id = p_region AND p.id = ANY (p_payments)
    ), whole AS (
        SELECT p.id, p.means, w.cents AS worth, t.contested, greatest(CASE
            WHEN p.means = 'invoice' THEN least(w.cents, coalesce(i.paid_cents, 0))
            WHEN p.paid_at IS NOT NULL THEN w.cents - t.lost
            ELSE 0
        END, 0) AS kept, p.means <> 'invoice' AND p.paid_at IS NOT NULL AS is_paid
        FROM credits.payment AS p
        JOIN worth AS w ON w.id = p.id
        JOIN taken AS t ON t.id = p.id
        LEFT JOIN credits.invoice AS i ON i.region_id = p_region AND i.id = p.id
        WHERE p.region_id = p_region AND p.id = ANY (p_payments)
    ), part AS (
        SELECT s.payment_id AS id, s.organiser_id, sum(l.cents) AS sold, sum(l.cents - l.back) AS worth, sum(l.going) AS going
        FROM credits.sold_for AS s
        JOIN line AS l ON l.id = s.payment_id AND l.no = ANY (s.line_nos)
        WHERE s.region_id = p_region AND s.payment_id = ANY (p_payments)
        GROUP BY s.payment_id, s.organiser_id
    ), counted AS (
        SELECT x.*, sum(x.worth) OVER (PARTITION BY x.id ORDER BY x.organiser_id) AS upto FROM part AS x
    ), shared AS (
        SELECT c.*, w.kept AS all_kept, w.contested, w.is_paid, CASE WHEN w.worth > 0
            THEN div(w.kept * c.upto, w.worth) - div(w.kept * (c.upto - c.worth), w.worth) ELSE 0
        END AS kept
        FROM counted AS c
        JOIN whole AS w ON w.id = c.id
    ), held AS (
        SELECT s.*, CASE WHEN s.all_kept > 0 THEN least(s.kept, ceil(s.contested * s.kept / s.all_kept)) ELSE 0 END AS held
        FROM shared AS s
    )
    SELECT h.id, h.organiser_id, CASE WHEN h.is_paid THEN h.sold ELSE h.kept END::bigint, h.kept::bigint, h.held::bigint,
        least(h.going, h.kept - h.held)::bigint
    FROM held AS h;
END $$;

-- Payments whose money moved: who reckons with them does so alone. What somebody else has under way is left for the next time, so that
-- no sale ever waits for this, nor this for a sale.
CREATE FUNCTION credits.lock_sold_for_due(p_region integer, p_limit integer) RETURNS uuid[]
LANGUAGE plpgsql AS $$
DECLARE v_ids uuid[];
BEGIN
    SELECT array_agg(x.id) INTO v_ids FROM (
        SELECT p.id FROM credits.payment AS p WHERE p.region_id = p_region AND p.sold_for_due ORDER BY p.id LIMIT p_limit
    ) AS x;
    RETURN (
        SELECT array_agg(x.id) FROM (
            SELECT p.id FROM credits.payment AS p
            WHERE p.region_id = p_region AND p.id = ANY (v_ids) AND p.sold_for_due ORDER BY p.id
            FOR NO KEY UPDATE SKIP LOCKED
        ) AS x
    );
END $$;

-- Bring what is owed of these payments to what it should be: one transfer of the difference for each organiser, and none where nothing
-- differs. `p_lines` says of each organiser's which lines are; a payment that is known keeps those that it has. The payments are locked.
CREATE FUNCTION credits.book_sold_for(p_region integer, p_payments uuid[], p_lines json, p_now timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE v_rows json;
BEGIN
    INSERT INTO credits.sold_for (region_id, payment_id, organiser_id, line_nos)
    SELECT p_region, r.payment_id, r.organiser_id, r.line_nos
    FROM json_to_recordset(p_lines) AS r (payment_id uuid, organiser_id uuid, line_nos smallint[])
    ON CONFLICT (region_id, payment_id, organiser_id) DO NOTHING;
    SELECT json_agg(x) INTO v_rows FROM (
        SELECT r.payment_id, r.organiser_id, r.sold_cents, r.sold_cents - r.kept_cents AS back_cents,
            r.kept_cents - (s.sold_cents - s.back_cents) AS cents, p.booking_id, p.seller_id, a.legal_entity_id
        FROM credits.reckon_sold_for(p_region, p_payments) AS r
        JOIN credits.sold_for AS s
            ON s.region_id = p_region AND s.payment_id = r.payment_id AND s.organiser_id = r.organiser_id
        JOIN credits.payment AS p ON p.region_id = p_region AND p.id = r.payment_id
        JOIN credits.seller AS a ON a.region_id = p_region AND a.organiser_id = p.seller_id
    ) AS x;
    INSERT INTO credits.account (region_id, id, kind, owner_id, legal_entity_id)
    SELECT p_region, uuidv7(), x.kind, x.owner_id, x.legal_entity_id
    FROM (
        SELECT 'owed'::credits.account_kind AS kind, r.organiser_id AS owner_id, r.legal_entity_id
        FROM json_to_recordset(v_rows) AS r (organiser_id uuid, legal_entity_id uuid)
        UNION
        SELECT 'sold_for', r.seller_id, r.legal_entity_id
        FROM json_to_recordset(v_rows) AS r (seller_id uuid, legal_entity_id uuid)
    ) AS x
    ORDER BY x.kind, x.owner_id, x.legal_entity_id
    ON CONFLICT (region_id, kind, owner_id, legal_entity_id) DO NOTHING;
    PERFORM credits.write_money(p_region, (
        SELECT json_agg(json_build_object(
            'id', uuidv7(), 'kind', 'sold_for', 'amount_cents', abs(r.cents),
            'debit_id', CASE WHEN r.cents > 0 THEN o.id ELSE f.id END, 'credit_id', CASE WHEN r.cents > 0 THEN f.id ELSE o.id END,
            'booking_id', r.booking_id, 'payment_id', r.payment_id
        ))
        FROM json_to_recordset(v_rows) AS r (
            payment_id uuid, organiser_id uuid, cents bigint, booking_id uuid, seller_id uuid, legal_entity_id uuid
        )
        JOIN credits.account AS o ON o.region_id = p_region AND o.kind = 'owed' AND o.owner_id = r.organiser_id
            AND o.legal_entity_id = r.legal_entity_id
        JOIN credits.account AS f ON f.region_id = p_region AND f.kind = 'sold_for' AND f.owner_id = r.seller_id
            AND f.legal_entity_id = r.legal_entity_id
        WHERE r.cents <> 0
    ), p_now);
    UPDATE credits.sold_for AS s SET sold_cents = r.sold_cents, back_cents = r.back_cents
    FROM json_to_recordset(v_rows) AS r (payment_id uuid, organiser_id uuid, sold_cents bigint, back_cents bigint)
    WHERE s.region_id = p_region AND s.payment_id = r.payment_id AND s.organiser_id = r.organiser_id
        AND s.payment_id = ANY (p_payments);
    UPDATE credits.payment AS p SET sold_for_due = false WHERE p.region_id = p_region AND p.id = ANY (p_payments);
END $$;

-- Of up to `p_limit` payments of a region, whose money moved since: what of it belongs to whom they were sold for. Returns of how many.
-- A line says for whom it was sold; the agent's own have no mandate.
CREATE FUNCTION reservations.book_sold_for(p_region integer, p_limit integer, p_now timestamptz) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE v_ids uuid[];
BEGIN
    v_ids := credits.lock_sold_for_due(p_region, p_limit);
    IF v_ids IS NULL THEN RETURN 0; END IF;
    PERFORM credits.book_sold_for(p_region, v_ids, (
        SELECT coalesce(json_agg(x), '[]') FROM (
            SELECT p.id AS payment_id, l.seller_id AS organiser_id, json_agg(l.no ORDER BY l.no) AS line_nos
            FROM credits.payment AS p
            JOIN reservations.line AS l ON l.region_id = p_region AND l.booking_id = p.booking_id
            WHERE p.region_id = p_region AND p.id = ANY (v_ids) AND l.mandate_id IS NOT NULL AND l.seller_id <> p.seller_id
            GROUP BY p.id, l.seller_id
        ) AS x
    ), p_now);
    RETURN cardinality(v_ids);
END $$;

-- What may not be remitted yet, of each organiser in the books of each legal entity that sold for it: what is contested, and what goes
-- back, or went and is not in the books so far.
CREATE FUNCTION credits.sold_for_held(p_region integer)
RETURNS TABLE (organiser_id uuid, legal_entity_id uuid, contested_cents bigint, returning_cents bigint)
LANGUAGE plpgsql STABLE AS $$
DECLARE v_ids uuid[];
BEGIN
    SELECT array_agg(x.id) INTO v_ids FROM (
        SELECT d.payment_id AS id FROM credits.dispute AS d WHERE d.region_id = p_region AND d.status = 'open'
        UNION
        SELECT r.payment_id FROM credits.refund AS r WHERE r.region_id = p_region AND r.status <> 'done'
        UNION
        SELECT p.id FROM credits.payment AS p WHERE p.region_id = p_region AND p.sold_for_due
    ) AS x;
    RETURN QUERY SELECT r.organiser_id, a.legal_entity_id, sum(r.contested_cents)::bigint,
        sum(r.returning_cents + greatest(s.sold_cents - s.back_cents - r.kept_cents, 0))::bigint
    FROM credits.reckon_sold_for(p_region, v_ids) AS r
    JOIN credits.sold_for AS s ON s.region_id = p_region AND s.payment_id = r.payment_id AND s.organiser_id = r.organiser_id
    JOIN credits.payment AS p ON p.region_id = p_region AND p.id = r.payment_id
    JOIN credits.seller AS a ON a.region_id = p_region AND a.organiser_id = p.seller_id
    GROUP BY r.organiser_id, a.legal_entity_id;
END $$;

-- Payments of which the books owe an organiser something else than its part of them, other than those that still have to be reckoned.
CREATE FUNCTION credits.sold_for_faults(p_region integer)
RETURNS TABLE (payment_id uuid, expected_cents bigint, found_cents bigint)
LANGUAGE plpgsql STABLE AS $$
DECLARE v_ids uuid[];
BEGIN
    SELECT array_agg(p.id) INTO v_ids
    FROM credits.payment AS p
    WHERE p.region_id = p_region AND NOT p.sold_for_due AND EXISTS (
        SELECT 1 FROM credits.sold_for AS s WHERE s.region_id = p_region AND s.payment_id = p.id
    );
    RETURN QUERY
    WITH moved AS (
        SELECT t.payment_id, a.owner_id, sum(CASE WHEN t.debit_id = a.id THEN t.amount_cents ELSE -t.amount_cents END) AS cents
        FROM credits.transfer AS t
        JOIN credits.account AS a ON a.region_id = p_region AND a.id IN (t.debit_id, t.credit_id) AND a.kind = 'owed'
        WHERE t.region_id = p_region AND t.kind = 'sold_for'
        GROUP BY t.payment_id, a.owner_id
    )
    SELECT r.payment_id, r.kept_cents, x.cents::bigint
    FROM credits.reckon_sold_for(p_region, v_ids) AS r
    JOIN credits.sold_for AS s ON s.region_id = p_region AND s.payment_id = r.payment_id AND s.organiser_id = r.organiser_id
    LEFT JOIN moved AS m ON m.payment_id = r.payment_id AND m.owner_id = r.organiser_id
    CROSS JOIN LATERAL (VALUES (s.sold_cents - s.back_cents), (coalesce(m.cents, 0))) AS x (cents)
    WHERE x.cents <> r.kept_cents
    UNION ALL
    SELECT m.payment_id, 0::bigint, m.cents::bigint FROM moved AS m
    WHERE NOT EXISTS (
        SELECT 1 FROM credits.sold_for AS s
        WHERE s.region_id = p_region AND s.payment_id = m.payment_id AND s.organiser_id = m.owner_id
    );
END $$;
