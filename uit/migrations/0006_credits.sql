-- What you spend: programmes, funds, purses, and the double-entry ledger under them.
CREATE SCHEMA credits;
GRANT USAGE ON SCHEMA credits TO uit_app;

-- Books are kept per legal entity and year; the year of a transfer is that of `at` in Europe/Brussels.
CREATE TABLE credits.legal_entity (
    region_id integer NOT NULL REFERENCES uit.region,
    id uuid NOT NULL,
    name text NOT NULL,
    enterprise_number text NOT NULL CHECK (enterprise_number ~ '^[01][0-9]{9}$'),
    PRIMARY KEY (region_id, id),
    UNIQUE (region_id, enterprise_number)
);

CREATE TYPE credits.account_kind AS ENUM (
    'claim', 'bank', 'card', 'till', 'invoice', 'deposit', 'voucher',
    'fund', 'purse', 'held', 'payable', 'clearing'
);
-- A `payable` is owned by an organiser, one in the books of each legal entity that owes it; a `purse` and `held` by a purse,
-- a `fund` and `claim` by a fund.
CREATE TABLE credits.account (
    region_id integer NOT NULL REFERENCES uit.region,
    id uuid NOT NULL,
    kind credits.account_kind NOT NULL,
    owner_id uuid NOT NULL,
    legal_entity_id uuid NOT NULL,
    PRIMARY KEY (region_id, id),
    UNIQUE (region_id, kind, owner_id, legal_entity_id),
    FOREIGN KEY (region_id, legal_entity_id) REFERENCES credits.legal_entity (region_id, id)
);

CREATE TYPE credits.transfer_kind AS ENUM (
    'pledge', 'grant', 'hold', 'settle', 'release', 'lapse', 'payout', 'reversal', 'return'
);
-- Money goes from the debit account to the credit account. Never changed; a correction is a reversal.
-- A hold names who earns it (`payee_id`).
CREATE TABLE credits.transfer (
    region_id integer NOT NULL,
    id uuid NOT NULL,
    kind credits.transfer_kind NOT NULL,
    debit_id uuid NOT NULL,
    credit_id uuid NOT NULL,
    amount_cents bigint NOT NULL CONSTRAINT transfers_are_positive CHECK (amount_cents > 0),
    at timestamptz NOT NULL,
    purse_id uuid,
    booking_id uuid,
    line_no smallint,
    payee_id uuid,
    hold_id uuid,
    reverses_id uuid,
    reason text,
    PRIMARY KEY (region_id, id),
    CONSTRAINT never_to_itself CHECK (debit_id <> credit_id),
    CONSTRAINT a_reversal_says_why CHECK ((kind = 'reversal') = (reverses_id IS NOT NULL AND reason IS NOT NULL)),
    CONSTRAINT a_hold_is_for_a_line CHECK (kind <> 'hold' OR (booking_id IS NOT NULL AND purse_id IS NOT NULL))
);
CREATE UNIQUE INDEX transfer_is_reversed_once ON credits.transfer (region_id, reverses_id) WHERE reverses_id IS NOT NULL;
-- Holds, and what became of them.
CREATE INDEX transfer_of_booking ON credits.transfer (region_id, booking_id) WHERE booking_id IS NOT NULL;
CREATE INDEX transfer_of_purse ON credits.transfer (region_id, purse_id, id);

-- A hold is settled, in part or whole, or released: once.
CREATE TABLE credits.resolution (
    region_id integer NOT NULL,
    hold_id uuid NOT NULL,
    settled_cents bigint NOT NULL CHECK (settled_cents >= 0),
    released_cents bigint NOT NULL CHECK (released_cents >= 0),
    at timestamptz NOT NULL,
    PRIMARY KEY (region_id, hold_id),
    FOREIGN KEY (region_id, hold_id) REFERENCES credits.transfer (region_id, id)
);

-- Hot accounts are appended to while booking, and rolled up later: an entry is gone once its balance holds it.
CREATE TABLE credits.entry (
    region_id integer NOT NULL,
    account_id uuid NOT NULL,
    transfer_id uuid NOT NULL,
    amount_cents bigint NOT NULL,
    PRIMARY KEY (region_id, account_id, transfer_id)
);
CREATE TABLE credits.balance (
    region_id integer NOT NULL,
    account_id uuid NOT NULL,
    balance_cents bigint NOT NULL,
    rolled_up_at timestamptz NOT NULL,
    PRIMARY KEY (region_id, account_id)
);

CREATE TYPE credits.earning_rule AS ENUM ('attendance', 'cancellation_limit', 'session_end');
CREATE TABLE credits.programme (
    region_id integer NOT NULL REFERENCES uit.region,
    id uuid NOT NULL,
    name text NOT NULL,
    funder text NOT NULL,
    opened_at timestamptz NOT NULL,
    closed_at timestamptz,
    PRIMARY KEY (region_id, id)
);

-- The rules of a programme, as data with a version: a grant keeps the version it was given under.
-- No `refnis`: the whole region. No `domains`: everything. Empty ages: everybody. `extension_days`: for how long credit can be
-- spent, at the least, that comes back when a date is called off or moved.
CREATE TABLE credits.programme_version (
    region_id integer NOT NULL,
    programme_id uuid NOT NULL,
    version smallint NOT NULL,
    refnis text[] NOT NULL DEFAULT '{}',
    age_from smallint,
    age_to smallint,
    social_only boolean NOT NULL DEFAULT false,
    amount_cents bigint NOT NULL CHECK (amount_cents > 0),
    valid_months smallint NOT NULL CHECK (valid_months BETWEEN 1 AND 60),
    domains organisers.domain[] NOT NULL DEFAULT '{}',
    attendance organisers.attendance[] NOT NULL DEFAULT '{}',
    ceiling_cents bigint CHECK (ceiling_cents > 0),
    earning credits.earning_rule NOT NULL,
    no_show_percent smallint NOT NULL DEFAULT 100 CHECK (no_show_percent BETWEEN 0 AND 100),
    extension_days smallint NOT NULL DEFAULT 90 CHECK (extension_days BETWEEN 0 AND 3660),
    starts_at timestamptz NOT NULL,
    PRIMARY KEY (region_id, programme_id, version),
    FOREIGN KEY (region_id, programme_id) REFERENCES credits.programme (region_id, id)
);

-- A funder's money in one programme. A grant locks it.
CREATE TABLE credits.fund (
    region_id integer NOT NULL,
    id uuid NOT NULL,
    programme_id uuid NOT NULL,
    claim_id uuid NOT NULL,
    budget_cents bigint NOT NULL CHECK (budget_cents > 0),
    available_cents bigint NOT NULL CONSTRAINT a_fund_never_gives_more CHECK (available_cents BETWEEN 0 AND budget_cents),
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, programme_id) REFERENCES credits.programme (region_id, id)
);
CREATE INDEX fund_of_programme ON credits.fund (region_id, programme_id);

-- The lock row of whoever spends: a member (then it has the membership's id) or a group.
CREATE TABLE credits.wallet (
    region_id integer NOT NULL,
    id uuid NOT NULL,
    PRIMARY KEY (region_id, id)
);

-- One grant. Its account is `id`; what it has put aside is on `held_account_id`. The figures are caches of the ledger.
CREATE TABLE credits.purse (
    region_id integer NOT NULL,
    id uuid NOT NULL,
    held_account_id uuid NOT NULL,
    wallet_id uuid NOT NULL,
    programme_id uuid NOT NULL,
    version smallint NOT NULL,
    fund_id uuid NOT NULL,
    period text NOT NULL,
    granted_cents bigint NOT NULL CHECK (granted_cents > 0),
    available_cents bigint NOT NULL,
    held_cents bigint NOT NULL DEFAULT 0,
    spent_cents bigint NOT NULL DEFAULT 0,
    lapsed_cents bigint NOT NULL DEFAULT 0,
    returned_cents bigint NOT NULL DEFAULT 0,
    lapses_at timestamptz NOT NULL,
    lapse_due_at timestamptz,
    granted_at timestamptz NOT NULL,
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, wallet_id) REFERENCES credits.wallet (region_id, id),
    FOREIGN KEY (region_id, fund_id) REFERENCES credits.fund (region_id, id),
    FOREIGN KEY (region_id, programme_id, version) REFERENCES credits.programme_version (region_id, programme_id, version),
    CONSTRAINT no_purse_below_zero CHECK (
        least(available_cents, held_cents, spent_cents, lapsed_cents, returned_cents) >= 0
    ),
    CONSTRAINT every_cent_is_somewhere CHECK (
        granted_cents = available_cents + held_cents + spent_cents + lapsed_cents + returned_cents
    )
) WITH (fillfactor = 80);
-- No index names what a hold changes, and pages keep room: so a hold stays a heap-only update.
CREATE INDEX purse_of_wallet ON credits.purse (region_id, wallet_id);
-- Once per period; a grant that was taken back may be given again.
CREATE UNIQUE INDEX one_grant_a_period ON credits.purse (region_id, wallet_id, programme_id, period) WHERE returned_cents = 0;
-- The worker's queue: purses that have not lapsed yet, and those that something came back to since.
CREATE INDEX purse_lapse_due ON credits.purse (lapse_due_at) WHERE lapse_due_at IS NOT NULL;
CREATE INDEX purse_of_programme ON credits.purse (region_id, programme_id);

-- An organiser may take a programme's credit between these days: on a day, it has one agreement with a programme.
CREATE TABLE credits.agreement (
    region_id integer NOT NULL,
    id uuid NOT NULL,
    programme_id uuid NOT NULL,
    organiser_id uuid NOT NULL,
    starts_on date NOT NULL,
    ends_on date,
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, programme_id) REFERENCES credits.programme (region_id, id),
    FOREIGN KEY (region_id, organiser_id) REFERENCES organisers.organiser (region_id, id),
    CONSTRAINT one_agreement_at_a_time EXCLUDE USING gist (
        region_id WITH =, programme_id WITH =, organiser_id WITH =, daterange(starts_on, ends_on, '[]') WITH &&
    )
);
CREATE INDEX agreement_of_organiser ON credits.agreement (region_id, organiser_id, programme_id);

-- Which organisers take whose credit on a day: what the lists, the pages of programmes and the counter all go by.
-- Who stopped takes none. At most one row for an organiser and a programme, by one_agreement_at_a_time.
CREATE FUNCTION credits.agreements_on(p_region integer, p_day date)
RETURNS TABLE (programme_id uuid, organiser_id uuid, starts_on date)
LANGUAGE plpgsql STABLE
AS $$
BEGIN
    RETURN QUERY SELECT a.programme_id, a.organiser_id, a.starts_on
    FROM credits.agreement AS a
    JOIN organisers.organiser AS o ON o.region_id = p_region AND o.id = a.organiser_id AND o.ended_at IS NULL
    WHERE a.region_id = p_region AND a.starts_on <= p_day AND (a.ends_on IS NULL OR a.ends_on >= p_day);
END $$;

-- Where an organiser is paid, with its history; a second person approves a change.
CREATE TABLE credits.bank_account (
    region_id integer NOT NULL,
    id uuid NOT NULL,
    organiser_id uuid NOT NULL,
    iban text NOT NULL,
    proposed_by uuid NOT NULL,
    approved_by uuid,
    starts_at timestamptz,
    ends_at timestamptz,
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, organiser_id) REFERENCES organisers.organiser (region_id, id),
    CONSTRAINT approved_by_another CHECK (approved_by <> proposed_by)
);
CREATE INDEX bank_account_of_organiser ON credits.bank_account (region_id, organiser_id);

-- Who pays which part of a social tariff (verdeelsleutel), in hundredths of a percent; a line keeps its version.
CREATE TABLE credits.share_version (
    region_id integer NOT NULL REFERENCES uit.region,
    version smallint NOT NULL,
    holder_bp integer NOT NULL,
    organiser_bp integer NOT NULL,
    municipality_bp integer NOT NULL,
    flanders_bp integer NOT NULL,
    starts_on date NOT NULL,
    PRIMARY KEY (region_id, version),
    CONSTRAINT shares_add_up CHECK (holder_bp + organiser_bp + municipality_bp + flanders_bp = 10000)
);

-- A batch knows its keys, so these functions go by index also where a table is small: the plan stays when it grows,
-- and is made once. Planning anew for every batch took longer than a batch of one. `id = ANY (…)` beside a join says what is
-- few: without it, one would rather go through all rows of the region.

-- First the lock, in key order; what a wallet holds is read in a later statement.
CREATE FUNCTION credits.lock_wallets(p_region integer, p_ids uuid[]) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
BEGIN
    PERFORM FROM credits.wallet AS w WHERE w.region_id = p_region AND w.id = ANY (p_ids)
    ORDER BY w.id
    FOR NO KEY UPDATE OF w;
END $$;

-- Put credit aside: the purse's available becomes held.
CREATE FUNCTION credits.write_holds(p_region integer, p_rows json, p_now timestamptz) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
DECLARE v_purses uuid[]; v_cents bigint[]; v_changed integer;
BEGIN
    WITH hold AS (
        INSERT INTO credits.transfer
            (region_id, id, kind, debit_id, credit_id, amount_cents, at, purse_id, booking_id, line_no, payee_id)
        SELECT p_region, r.id, 'hold', r.purse_id, r.held_account_id, r.amount_cents, p_now,
            r.purse_id, r.booking_id, r.line_no, r.payee_id
        FROM json_to_recordset(p_rows) AS r (
            id uuid, purse_id uuid, held_account_id uuid, amount_cents bigint,
            booking_id uuid, line_no smallint, payee_id uuid
        )
        RETURNING purse_id, amount_cents
    ), total AS (
        SELECT purse_id, sum(amount_cents)::bigint AS cents FROM hold GROUP BY purse_id
    )
    SELECT array_agg(purse_id), array_agg(cents) INTO v_purses, v_cents FROM total;
    UPDATE credits.purse AS p
    SET available_cents = p.available_cents - t.cents, held_cents = p.held_cents + t.cents
    FROM unnest(v_purses, v_cents) AS t (id, cents)
    WHERE p.region_id = p_region AND p.id = t.id AND p.id = ANY (v_purses);
    GET DIAGNOSTICS v_changed = ROW_COUNT;
    IF v_changed <> cardinality(v_purses) THEN
        RAISE EXCEPTION 'a hold names a purse that is not there' USING ERRCODE = 'foreign_key_violation';
    END IF;
END $$;

-- Resolve holds: the settled part goes to the payee, the released part back to its purse. A second resolution of
-- one hold breaks its primary key. What comes back to a purse that has lapsed, lapses again.
CREATE FUNCTION credits.write_resolutions(p_region integer, p_rows json, p_now timestamptz) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
DECLARE v_ids uuid[]; v_asked integer; v_done integer; v_purses uuid[]; v_settled bigint[]; v_released bigint[];
BEGIN
    SELECT array_agg(r.hold_id) INTO v_ids FROM json_to_recordset(p_rows) AS r (hold_id uuid);
    WITH asked AS (
        SELECT r.*, h.purse_id, h.amount_cents, h.credit_id AS held_account_id, h.booking_id, h.line_no
        FROM json_to_recordset(p_rows) AS r (
            hold_id uuid, settled_cents bigint, released_cents bigint,
            settle_id uuid, release_id uuid, payable_id uuid
        )
        JOIN credits.transfer AS h ON h.region_id = p_region AND h.id = r.hold_id AND h.id = ANY (v_ids)
        WHERE h.kind = 'hold' AND h.amount_cents = r.settled_cents + r.released_cents
    ), resolved AS (
        INSERT INTO credits.resolution (region_id, hold_id, settled_cents, released_cents, at)
        SELECT p_region, hold_id, settled_cents, released_cents, p_now FROM asked
        RETURNING 1
    ), moved AS (
        INSERT INTO credits.transfer
            (region_id, id, kind, debit_id, credit_id, amount_cents, at, purse_id, booking_id, line_no, hold_id)
        SELECT p_region, settle_id, 'settle'::credits.transfer_kind, held_account_id, payable_id, settled_cents, p_now,
            purse_id, booking_id, line_no, hold_id
        FROM asked WHERE settled_cents > 0
        UNION ALL
        SELECT p_region, release_id, 'release', held_account_id, purse_id, released_cents, p_now,
            purse_id, booking_id, line_no, hold_id
        FROM asked WHERE released_cents > 0
        RETURNING id, kind, credit_id, amount_cents
    ), earned AS (
        INSERT INTO credits.entry (region_id, account_id, transfer_id, amount_cents)
        SELECT p_region, credit_id, id, amount_cents FROM moved WHERE kind = 'settle'
    ), total AS (
        SELECT purse_id, sum(settled_cents)::bigint AS settled, sum(released_cents)::bigint AS released
        FROM asked GROUP BY purse_id
    )
    SELECT json_array_length(p_rows), (SELECT count(*) FROM resolved),
        array_agg(purse_id), array_agg(settled), array_agg(released)
    INTO v_asked, v_done, v_purses, v_settled, v_released
    FROM total;
    UPDATE credits.purse AS p
    SET held_cents = p.held_cents - t.settled - t.released,
        available_cents = p.available_cents + t.released,
        spent_cents = p.spent_cents + t.settled,
        lapse_due_at = CASE WHEN t.released > 0 THEN coalesce(p.lapse_due_at, p.lapses_at) ELSE p.lapse_due_at END
    FROM unnest(v_purses, v_settled, v_released) AS t (id, settled, released)
    WHERE p.region_id = p_region AND p.id = t.id AND p.id = ANY (v_purses);
    IF v_asked <> v_done THEN
        RAISE EXCEPTION 'a resolution does not fit its hold' USING ERRCODE = 'foreign_key_violation';
    END IF;
END $$;

-- Undo settlements, each whole: what the payee earned goes back through the held account to its purse. The hold itself
-- stays resolved. The payee's account may go below zero: a later payout nets it.
CREATE FUNCTION credits.write_reversals(p_region integer, p_rows json, p_now timestamptz) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
DECLARE v_ids uuid[]; v_asked integer; v_done integer; v_purses uuid[]; v_cents bigint[];
BEGIN
    SELECT array_agg(r.settle_id) INTO v_ids FROM json_to_recordset(p_rows) AS r (settle_id uuid);
    WITH asked AS (
        SELECT r.reversal_id, r.release_id, r.reason, s.id, s.debit_id AS held_account_id, s.credit_id AS payable_id,
            s.amount_cents, s.purse_id, s.booking_id, s.line_no
        FROM json_to_recordset(p_rows) AS r (settle_id uuid, reversal_id uuid, release_id uuid, reason text)
        JOIN credits.transfer AS s ON s.region_id = p_region AND s.id = r.settle_id AND s.id = ANY (v_ids)
        WHERE s.kind = 'settle'
    ), undone AS (
        INSERT INTO credits.transfer
            (region_id, id, kind, debit_id, credit_id, amount_cents, at, purse_id, booking_id, line_no, reverses_id, reason)
        SELECT p_region, reversal_id, 'reversal', payable_id, held_account_id, amount_cents, p_now,
            purse_id, booking_id, line_no, id, reason
        FROM asked
        RETURNING 1
    ), released AS (
        INSERT INTO credits.transfer
            (region_id, id, kind, debit_id, credit_id, amount_cents, at, purse_id, booking_id, line_no)
        SELECT p_region, release_id, 'release', held_account_id, purse_id, amount_cents, p_now,
            purse_id, booking_id, line_no
        FROM asked
    ), unearned AS (
        INSERT INTO credits.entry (region_id, account_id, transfer_id, amount_cents)
        SELECT p_region, payable_id, reversal_id, -amount_cents FROM asked
    ), total AS (
        SELECT purse_id, sum(amount_cents)::bigint AS cents FROM asked GROUP BY purse_id
    )
    SELECT json_array_length(p_rows), (SELECT count(*) FROM undone), array_agg(purse_id), array_agg(cents)
    INTO v_asked, v_done, v_purses, v_cents
    FROM total;
    UPDATE credits.purse AS p
    SET spent_cents = p.spent_cents - t.cents, available_cents = p.available_cents + t.cents,
        lapse_due_at = coalesce(p.lapse_due_at, p.lapses_at)
    FROM unnest(v_purses, v_cents) AS t (id, cents)
    WHERE p.region_id = p_region AND p.id = t.id AND p.id = ANY (v_purses);
    IF v_asked <> v_done THEN
        RAISE EXCEPTION 'a reversal does not fit its settlement' USING ERRCODE = 'foreign_key_violation';
    END IF;
END $$;

-- Credit that came back through no doing of its holder can be spent for a while longer, as the programme's version says.
CREATE FUNCTION credits.extend_purses(p_region integer, p_rows json) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
BEGIN
    UPDATE credits.purse AS p SET lapses_at = r.lapses_at, lapse_due_at = r.lapses_at
    FROM json_to_recordset(p_rows) AS r (purse_id uuid, lapses_at timestamptz)
    WHERE p.region_id = p_region AND p.id = r.purse_id AND p.lapses_at < r.lapses_at;
END $$;

GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA credits TO uit_app;
REVOKE UPDATE ON credits.transfer, credits.resolution, credits.account, credits.programme_version FROM uit_app;
GRANT DELETE ON credits.entry TO uit_app;

INSERT INTO uit.retention (table_name, class, since) VALUES
    ('credits.legal_entity', 'accounts', NULL), ('credits.account', 'accounts', NULL),
    ('credits.transfer', 'accounts', NULL), ('credits.resolution', 'accounts', NULL),
    ('credits.entry', 'accounts', NULL), ('credits.balance', 'accounts', NULL),
    ('credits.programme', 'accounts', NULL), ('credits.programme_version', 'accounts', NULL),
    ('credits.fund', 'accounts', NULL), ('credits.wallet', 'accounts', NULL),
    ('credits.purse', 'accounts', NULL), ('credits.agreement', 'accounts', NULL),
    ('credits.bank_account', 'accounts', NULL), ('credits.share_version', 'accounts', NULL);
