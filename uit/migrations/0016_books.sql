-- The books of a year: closing it, handing it to the archive, and erasing it ten years later, with its balances carried forward.
-- See docs/decisions/0018-a-year-is-closed.md and docs/books.md.

-- What rows that were erased had made of an account, in one transfer against the `clearing` account of its legal entity.
ALTER TYPE credits.transfer_kind ADD VALUE IF NOT EXISTS 'carried';

-- Transfers are written in the order of time, so this stays small. The table came with the same release.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX IF NOT EXISTS transfer_age ON credits.transfer USING brin (at);
-- Which receipt a rounding is of.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX IF NOT EXISTS receipt_of_rounding ON credits.receipt (region_id, rounding_id) WHERE rounding_id IS NOT NULL;

-- A year of the books of a legal entity: asked for by one person, confirmed by another, archived, erased. `asked_by` is empty
-- when an operator asked at the command line. `digest`: SHA-256 over the transfers of the year in the order of their ids;
-- `signature`: of region, entity, year and digest under the key of the installation. `archive_digest`: SHA-256 of the list of
-- files that were handed over, with the SHA-256 of each.
CREATE TABLE credits.year_close (
    region_id integer NOT NULL,
    legal_entity_id uuid NOT NULL,
    year smallint NOT NULL CHECK (year BETWEEN 2000 AND 2200),
    transfers integer NOT NULL CHECK (transfers >= 0),
    moved_cents bigint NOT NULL CHECK (moved_cents >= 0),
    digest bytea NOT NULL,
    signature bytea NOT NULL,
    asked_by uuid,
    asked_at timestamptz NOT NULL,
    confirmed_by uuid,
    confirmed_at timestamptz,
    archive_digest bytea,
    archived_at timestamptz,
    erased_at timestamptz,
    PRIMARY KEY (region_id, legal_entity_id, year),
    FOREIGN KEY (region_id, legal_entity_id) REFERENCES credits.legal_entity (region_id, id),
    CONSTRAINT another_confirms CHECK (confirmed_by <> asked_by),
    CONSTRAINT who_confirms_has_a_moment CHECK ((confirmed_by IS NULL) = (confirmed_at IS NULL)),
    CONSTRAINT an_archive_is_of_a_closed_year CHECK (
        (archive_digest IS NULL) = (archived_at IS NULL) AND (archived_at IS NULL OR confirmed_at IS NOT NULL)
    ),
    CONSTRAINT what_was_not_archived_is_not_erased CHECK (erased_at IS NULL OR archived_at IS NOT NULL)
);

-- What an account stood at when the year ended. An account without a row stood at nothing.
CREATE TABLE credits.closing_balance (
    region_id integer NOT NULL,
    legal_entity_id uuid NOT NULL,
    year smallint NOT NULL,
    account_id uuid NOT NULL,
    balance_cents bigint NOT NULL CHECK (balance_cents <> 0),
    PRIMARY KEY (region_id, legal_entity_id, year, account_id),
    FOREIGN KEY (region_id, legal_entity_id, year) REFERENCES credits.year_close (region_id, legal_entity_id, year)
);

-- What was sold by month and VAT code, with VAT in it: bookings, which say the code, are erased long before their year is.
CREATE TABLE credits.closing_vat (
    region_id integer NOT NULL,
    legal_entity_id uuid NOT NULL,
    year smallint NOT NULL,
    month smallint NOT NULL CHECK (month BETWEEN 1 AND 12),
    vat_code text NOT NULL,
    rate_bp integer NOT NULL,
    gross_cents bigint NOT NULL,
    PRIMARY KEY (region_id, legal_entity_id, year, month, vat_code, rate_bp),
    FOREIGN KEY (region_id, legal_entity_id, year) REFERENCES credits.year_close (region_id, legal_entity_id, year)
);

-- Nothing is written in a year that was closed. Only a row of an earlier year than this one is looked at, so that a booking pays
-- nothing for it; what is of this year cannot be closed yet.
CREATE FUNCTION credits.refuse_closed_year() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM credits.account AS a
        JOIN credits.year_close AS y ON y.region_id = NEW.region_id AND y.legal_entity_id = a.legal_entity_id
            AND y.year = extract(year FROM NEW.at AT TIME ZONE 'Europe/Brussels') AND y.confirmed_at IS NOT NULL
        WHERE a.region_id = NEW.region_id AND a.id IN (NEW.debit_id, NEW.credit_id)
    ) THEN
        RAISE EXCEPTION 'a transfer in a year that was closed'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'no_transfer_in_a_closed_year';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER no_transfer_in_a_closed_year BEFORE INSERT ON credits.transfer FOR EACH ROW
WHEN (NEW.at < date_trunc('year', now(), 'Europe/Brussels') AND NEW.kind::text <> 'carried')
EXECUTE FUNCTION credits.refuse_closed_year();

-- When a year ends in Brussels.
CREATE FUNCTION credits.year_end(p_year integer) RETURNS timestamptz
LANGUAGE sql IMMUTABLE AS $$
    SELECT make_timestamp(p_year + 1, 1, 1, 0, 0, 0) AT TIME ZONE 'Europe/Brussels';
$$;

-- Erase what a legal entity has of a closed and archived year and of those before it: whatever is over, each whole.
-- A purse goes with all its transfers when nothing of it moved since; a payment with its refunds, disputes, receipts and invoice likewise; what
-- is still owed stays, and so do the budgets of funds. What the erased rows had made of an account is carried in one transfer, at the
-- last moment of the year. Returns how many transfers went. Whoever calls it owns the tables.
CREATE FUNCTION credits.erase_year(p_region integer, p_entity uuid, p_year integer, p_now timestamptz) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
    v_until timestamptz := credits.year_end(p_year); v_clearing uuid; v_purses uuid[]; v_payments uuid[]; v_gone uuid[];
    v_receipts uuid[]; v_sellers uuid[]; v_sessions uuid[]; v_wallets uuid[]; v_erased integer;
BEGIN
    PERFORM 1 FROM credits.year_close AS y
    WHERE y.region_id = p_region AND y.legal_entity_id = p_entity AND y.year = p_year AND y.archived_at IS NOT NULL
        AND y.erased_at IS NULL
    FOR UPDATE;
    IF NOT FOUND OR EXISTS (
        SELECT 1 FROM credits.year_close AS y
        WHERE y.region_id = p_region AND y.legal_entity_id = p_entity AND y.year < p_year AND y.archived_at IS NULL
    ) THEN
        RAISE EXCEPTION 'only a year that was archived is erased' USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    -- An entry that waits belongs to its transfer; it is rolled up first.
    IF EXISTS (
        SELECT 1 FROM credits.entry AS e
        JOIN credits.account AS a ON a.region_id = p_region AND a.id = e.account_id AND a.legal_entity_id = p_entity
        JOIN credits.transfer AS t ON t.region_id = p_region AND t.id = e.transfer_id AND t.at < v_until
        WHERE e.region_id = p_region
    ) THEN
        RETURN 0;
    END IF;

    SELECT array_agg(s.organiser_id) INTO v_sellers
    FROM credits.seller AS s WHERE s.region_id = p_region AND s.legal_entity_id = p_entity;
    SELECT array_agg(p.id), array_agg(p.wallet_id) INTO v_purses, v_wallets
    FROM credits.purse AS p
    JOIN credits.account AS a ON a.region_id = p_region AND a.id = p.id AND a.legal_entity_id = p_entity
    WHERE p.region_id = p_region AND p.available_cents = 0 AND p.held_cents = 0 AND p.lapses_at < v_until
        AND p.granted_at < v_until AND NOT EXISTS (
            SELECT 1 FROM credits.transfer AS t WHERE t.region_id = p_region AND t.purse_id = p.id AND t.at >= v_until
        );
    SELECT array_agg(p.id) INTO v_payments
    FROM credits.payment AS p
    WHERE p.region_id = p_region AND p.seller_id = ANY (v_sellers) AND p.made_at < v_until AND p.status <> 'pending'
        AND NOT EXISTS (
            SELECT 1 FROM credits.refund AS f
            WHERE f.region_id = p_region AND f.payment_id = p.id AND (f.status <> 'done' OR f.done_at >= v_until)
        )
        AND NOT EXISTS (
            SELECT 1 FROM credits.dispute AS d
            WHERE d.region_id = p_region AND d.payment_id = p.id AND (d.ended_at IS NULL OR d.ended_at >= v_until)
        )
        AND NOT EXISTS (
            SELECT 1 FROM credits.invoice AS i
            WHERE i.region_id = p_region AND i.id = p.id AND i.paid_cents + i.credited_cents <> i.amount_cents
        )
        AND NOT EXISTS (
            SELECT 1 FROM credits.transfer AS t
            WHERE t.region_id = p_region AND t.booking_id = p.booking_id AND t.payment_id = p.id AND t.at >= v_until
        );
    SELECT array_agg(t.id) INTO v_gone
    FROM credits.transfer AS t
    JOIN credits.account AS a ON a.region_id = p_region AND a.id = t.debit_id AND a.legal_entity_id = p_entity
    WHERE t.region_id = p_region AND t.at < v_until AND t.kind NOT IN ('pledge', 'return') AND CASE
        WHEN t.purse_id IS NOT NULL THEN t.purse_id = ANY (v_purses)
        WHEN t.payment_id IS NOT NULL THEN t.payment_id = ANY (v_payments)
        ELSE true
    END;
    IF v_gone IS NOT NULL THEN
        INSERT INTO credits.account (region_id, id, kind, owner_id, legal_entity_id)
        VALUES (p_region, uuidv7(), 'clearing', p_entity, p_entity)
        ON CONFLICT (region_id, kind, owner_id, legal_entity_id) DO NOTHING;
        SELECT a.id INTO v_clearing
        FROM credits.account AS a
        WHERE a.region_id = p_region AND a.kind = 'clearing' AND a.owner_id = p_entity AND a.legal_entity_id = p_entity;
        WITH leg AS (
            SELECT t.credit_id AS account_id, t.amount_cents AS cents
            FROM credits.transfer AS t WHERE t.region_id = p_region AND t.id = ANY (v_gone)
            UNION ALL
            SELECT t.debit_id, -t.amount_cents
            FROM credits.transfer AS t WHERE t.region_id = p_region AND t.id = ANY (v_gone)
        )
        INSERT INTO credits.transfer (region_id, id, kind, debit_id, credit_id, amount_cents, at)
        SELECT p_region, uuidv7(), 'carried', CASE WHEN sum(l.cents) > 0 THEN v_clearing ELSE l.account_id END,
            CASE WHEN sum(l.cents) > 0 THEN l.account_id ELSE v_clearing END, abs(sum(l.cents)), v_until - interval '1 microsecond'
        FROM leg AS l WHERE l.account_id <> v_clearing
        GROUP BY l.account_id
        HAVING sum(l.cents) <> 0;
        DELETE FROM credits.resolution AS r WHERE r.region_id = p_region AND r.hold_id = ANY (v_gone);
        DELETE FROM credits.transfer AS t WHERE t.region_id = p_region AND t.id = ANY (v_gone);
        GET DIAGNOSTICS v_erased = ROW_COUNT;
        DELETE FROM credits.till_movement AS m WHERE m.region_id = p_region AND m.id = ANY (v_gone);
    END IF;

    SELECT array_agg(r.id) INTO v_receipts
    FROM credits.receipt AS r
    WHERE r.region_id = p_region AND r.seller_id = ANY (v_sellers) AND r.made_at < v_until
        AND (r.payment_id IS NULL OR r.payment_id = ANY (v_payments));
    DELETE FROM credits.receipt_print AS x WHERE x.region_id = p_region AND x.receipt_id = ANY (v_receipts);
    DELETE FROM credits.receipt_line AS x WHERE x.region_id = p_region AND x.receipt_id = ANY (v_receipts);
    DELETE FROM credits.tender AS x WHERE x.region_id = p_region AND x.receipt_id = ANY (v_receipts);
    DELETE FROM credits.receipt AS x WHERE x.region_id = p_region AND x.id = ANY (v_receipts);
    DELETE FROM credits.receipt_series AS x
    WHERE x.region_id = p_region AND x.seller_id = ANY (v_sellers) AND x.year <= p_year;
    -- What the last session of a till left is what lies in its drawer.
    SELECT array_agg(s.id) INTO v_sessions
    FROM credits.till_session AS s
    JOIN credits.till AS k ON k.region_id = p_region AND k.id = s.till_id AND k.seller_id = ANY (v_sellers)
    WHERE s.region_id = p_region AND s.closed_at < v_until
        AND EXISTS (
            SELECT 1 FROM credits.till_session AS n WHERE n.region_id = p_region AND n.till_id = s.till_id AND n.no > s.no
        )
        AND NOT EXISTS (
            SELECT 1 FROM credits.till_movement AS m WHERE m.region_id = p_region AND m.till_session_id = s.id
        )
        AND NOT EXISTS (SELECT 1 FROM credits.receipt AS r WHERE r.region_id = p_region AND r.till_session_id = s.id);
    DELETE FROM credits.till_session AS s WHERE s.region_id = p_region AND s.id = ANY (v_sessions);
    DELETE FROM credits.refund AS f WHERE f.region_id = p_region AND f.payment_id = ANY (v_payments);
    DELETE FROM credits.invoice_payment AS b WHERE b.region_id = p_region AND b.invoice_id = ANY (v_payments);
    DELETE FROM credits.invoice_line AS l WHERE l.region_id = p_region AND l.invoice_id = ANY (v_payments);
    DELETE FROM credits.invoice AS i WHERE i.region_id = p_region AND i.id = ANY (v_payments);
    DELETE FROM credits.customer AS c
    WHERE c.region_id = p_region AND c.seller_id = ANY (v_sellers) AND c.ends_on < (v_until AT TIME ZONE 'Europe/Brussels')::date
        AND NOT EXISTS (SELECT 1 FROM credits.invoice AS i WHERE i.region_id = p_region AND i.customer_id = c.id);
    DELETE FROM credits.dispute AS d WHERE d.region_id = p_region AND d.payment_id = ANY (v_payments);
    DELETE FROM credits.payment AS p WHERE p.region_id = p_region AND p.id = ANY (v_payments);
    DELETE FROM credits.provider_entry AS e
    WHERE e.region_id = p_region AND e.seller_id = ANY (v_sellers) AND e.made_at < v_until;
    DELETE FROM credits.difference AS f
    WHERE f.region_id = p_region AND f.seller_id = ANY (v_sellers) AND f.closed_at < v_until;

    DELETE FROM credits.closing_balance AS b
    WHERE b.region_id = p_region AND b.account_id IN (
        SELECT a.id FROM credits.account AS a
        WHERE a.region_id = p_region AND a.kind IN ('purse', 'held') AND a.owner_id = ANY (v_purses)
    );
    DELETE FROM credits.account AS a
    WHERE a.region_id = p_region AND a.kind IN ('purse', 'held') AND a.owner_id = ANY (v_purses);
    DELETE FROM credits.purse AS p WHERE p.region_id = p_region AND p.id = ANY (v_purses);
    -- The wallet of somebody who is still a member stays: what they spend locks it.
    DELETE FROM credits.wallet AS w
    WHERE w.region_id = p_region AND w.id = ANY (v_wallets)
        AND NOT EXISTS (SELECT 1 FROM credits.purse AS p WHERE p.region_id = p_region AND p.wallet_id = w.id)
        AND NOT EXISTS (SELECT 1 FROM passes.membership AS m WHERE m.region_id = p_region AND m.id = w.id);

    UPDATE credits.year_close AS y SET erased_at = p_now
    WHERE y.region_id = p_region AND y.legal_entity_id = p_entity AND y.year <= p_year AND y.erased_at IS NULL;
    RETURN coalesce(v_erased, 0);
END $$;

GRANT SELECT, INSERT, UPDATE ON credits.year_close TO uit_app;
GRANT SELECT, INSERT ON credits.closing_balance, credits.closing_vat TO uit_app;

INSERT INTO uit.retention (table_name, class, since) VALUES
    ('credits.year_close', 'accounts', NULL), ('credits.closing_balance', 'accounts', NULL),
    ('credits.closing_vat', 'accounts', NULL);
UPDATE uit.retention_class
SET basis = 'Accounts: ten years after the year that they are of (art. III.86 Code of Economic Law). A year goes by itself and not row by '
    'row: once it is closed, archived and ten years over, the worker erases what of it is over and carries its balances forward '
    '(credits.erase_year). What is still owed stays, and so does a year that nobody closed.'
WHERE name = 'accounts';
