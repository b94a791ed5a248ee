-- What credit does not pay: sellers, payments, refunds, and the books of the money that moves by them.
-- See docs/decisions/0014-how-a-booking-is-paid.md.

-- An association without legal personality has books, and no enterprise number. Nothing reads it of every entity.
-- squawk-ignore ban-drop-not-null
ALTER TABLE credits.legal_entity ALTER COLUMN enterprise_number DROP NOT NULL;

-- Each movement of real money is tied to what it is called outside: a charge, a receipt, a line of the bank.
ALTER TABLE credits.transfer ADD COLUMN IF NOT EXISTS payment_id uuid;
ALTER TABLE credits.transfer ADD COLUMN IF NOT EXISTS reference text;

-- An organiser that sells for money, by which ways, and the accounts of its books. Without a row only credit pays.
-- `agent_id`: under the mandate `mandate_id`, who sells in its own name instead, with its own row here.
-- `card_account`: the connected account at the payment provider, empty for the account of the installation itself; NULL: none.
-- `desk_hours`: for how long places are kept for who pays at the box office, until `desk_before_minutes` before the start; NULL: not so.
-- `cancel_fee_cents`: what a ticket keeps of its money when its holder gives it up.
CREATE TABLE credits.seller (
    region_id integer NOT NULL,
    organiser_id uuid NOT NULL,
    legal_entity_id uuid NOT NULL,
    agent_id uuid,
    mandate_id uuid,
    card_account text,
    card_open boolean NOT NULL DEFAULT false,
    card_missing text[] NOT NULL DEFAULT '{}',
    card_read_at timestamptz,
    desk_hours smallint CHECK (desk_hours > 0),
    desk_before_minutes smallint NOT NULL DEFAULT 30 CHECK (desk_before_minutes >= 0),
    invoices boolean NOT NULL DEFAULT false,
    cancel_fee_cents integer NOT NULL DEFAULT 0 CHECK (cancel_fee_cents >= 0),
    signatories text[] NOT NULL DEFAULT '{}',
    sale_account_id uuid NOT NULL,
    card_account_id uuid NOT NULL,
    till_account_id uuid NOT NULL,
    terminal_account_id uuid NOT NULL,
    invoice_account_id uuid NOT NULL,
    bank_account_id uuid NOT NULL,
    safe_account_id uuid NOT NULL,
    fee_account_id uuid NOT NULL,
    rounding_account_id uuid NOT NULL,
    difference_account_id uuid NOT NULL,
    disputed_account_id uuid NOT NULL,
    PRIMARY KEY (region_id, organiser_id),
    FOREIGN KEY (region_id, organiser_id) REFERENCES organisers.organiser (region_id, id),
    FOREIGN KEY (region_id, legal_entity_id) REFERENCES credits.legal_entity (region_id, id),
    CONSTRAINT an_agent_has_a_mandate CHECK ((agent_id IS NULL) = (mandate_id IS NULL)),
    CONSTRAINT an_open_card_has_an_account CHECK (NOT card_open OR card_account IS NOT NULL)
);
CREATE INDEX seller_of_card_account ON credits.seller (card_account) WHERE card_account IS NOT NULL;

CREATE TYPE credits.payment_means AS ENUM ('card', 'desk', 'invoice');
CREATE TYPE credits.payment_status AS ENUM ('pending', 'paid', 'failed', 'expired', 'refunded');
-- What is to be paid of one booking, and was, other than with credit. `line_cents`: for each line by its number, from 1.
-- `account`: as `card_account` of the seller was when the payment was asked for.
CREATE TABLE credits.payment (
    region_id integer NOT NULL,
    id uuid NOT NULL,
    booking_id uuid NOT NULL,
    seller_id uuid NOT NULL,
    mandate_id uuid,
    means credits.payment_means NOT NULL,
    status credits.payment_status NOT NULL DEFAULT 'pending',
    amount_cents integer NOT NULL CHECK (amount_cents > 0),
    line_cents integer[] NOT NULL,
    account text,
    checkout_id text,
    checkout_url text,
    return_url text,
    reference text,
    made_at timestamptz NOT NULL,
    opened_at timestamptz,
    paid_at timestamptz,
    ended_at timestamptz,
    PRIMARY KEY (region_id, id),
    CONSTRAINT what_is_paid_has_a_moment CHECK ((status IN ('paid', 'refunded')) = (paid_at IS NOT NULL)),
    CONSTRAINT what_ended_has_a_moment CHECK ((status IN ('failed', 'expired')) = (ended_at IS NOT NULL))
);
CREATE INDEX payment_of_booking ON credits.payment (region_id, booking_id);
-- What a worker still has to open at the provider.
CREATE INDEX payment_to_open ON credits.payment (made_at) WHERE status = 'pending' AND means = 'card' AND opened_at IS NULL;
-- A dispute names it by what it is called outside.
CREATE INDEX payment_reference ON credits.payment (reference) WHERE reference IS NOT NULL;
CREATE UNIQUE INDEX payment_of_checkout ON credits.payment (region_id, checkout_id) WHERE checkout_id IS NOT NULL;

CREATE TYPE credits.refund_way AS ENUM ('card', 'cash', 'transfer', 'credit_note');
CREATE TYPE credits.refund_status AS ENUM ('due', 'sent', 'done', 'failed');
-- Money of one line that goes back: decided by the turnstile, executed after the commit under this id, once.
-- `code`: what is shown at a till to get cash back.
CREATE TABLE credits.refund (
    region_id integer NOT NULL,
    id uuid NOT NULL,
    payment_id uuid NOT NULL,
    booking_id uuid NOT NULL,
    line_no smallint NOT NULL,
    amount_cents integer NOT NULL CHECK (amount_cents > 0),
    way credits.refund_way NOT NULL,
    status credits.refund_status NOT NULL DEFAULT 'due',
    reason text NOT NULL,
    code text,
    external_id text,
    failure text,
    decided_at timestamptz NOT NULL,
    sent_at timestamptz,
    done_at timestamptz,
    arrives_on date,
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, payment_id) REFERENCES credits.payment (region_id, id),
    CONSTRAINT what_is_done_has_a_moment CHECK ((status = 'done') = (done_at IS NOT NULL))
);
CREATE INDEX refund_of_booking ON credits.refund (region_id, booking_id);
CREATE INDEX refund_of_payment ON credits.refund (region_id, payment_id);
-- What is decided and not done: a list that somebody has to close.
CREATE INDEX refund_open ON credits.refund (region_id, decided_at) WHERE status <> 'done';
CREATE UNIQUE INDEX refund_code ON credits.refund (region_id, code) WHERE code IS NOT NULL;

-- What the payment provider said, by its own id, before anything is done with it. Only what can be read back from the provider is
-- believed, so nothing of the content is kept. Of no region: whose it is, is known when it is read back.
CREATE TABLE credits.provider_event (
    id text PRIMARY KEY,
    type text NOT NULL,
    account text,
    object_id text NOT NULL,
    received_at timestamptz NOT NULL,
    due_at timestamptz,
    attempts smallint NOT NULL DEFAULT 0,
    handled_at timestamptz,
    outcome text
);
CREATE INDEX provider_event_due ON credits.provider_event (due_at) WHERE due_at IS NOT NULL;

-- Whether a seller takes money by a way now, as a booking reads it: of whoever sells, which may be an agent.
CREATE FUNCTION credits.seller_terms(p_region integer, p_organiser uuid) RETURNS json
LANGUAGE plpgsql STABLE SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
BEGIN
    RETURN (
        SELECT json_build_object(
            'seller_id', coalesce(s.agent_id, s.organiser_id), 'mandate_id', s.mandate_id,
            'account', CASE WHEN s.agent_id IS NULL THEN s.card_account ELSE a.card_account END,
            'card', CASE WHEN s.agent_id IS NULL THEN s.card_open ELSE coalesce(a.card_open, false) END,
            'desk_hours', s.desk_hours, 'desk_before_minutes', s.desk_before_minutes,
            'invoices', s.invoices, 'cancel_fee_cents', s.cancel_fee_cents
        )
        FROM credits.seller AS s
        LEFT JOIN credits.seller AS a ON a.region_id = p_region AND a.organiser_id = s.agent_id
        WHERE s.region_id = p_region AND s.organiser_id = p_organiser
    );
END $$;

-- The payments of a booking, and what of each goes back.
CREATE FUNCTION credits.payments_of(p_region integer, p_booking uuid) RETURNS json
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
BEGIN
    RETURN (
        SELECT coalesce(json_agg(x ORDER BY x.made_at, x.id), '[]') FROM (
            SELECT p.id, p.seller_id, p.mandate_id, p.means, p.status, p.amount_cents, p.line_cents, p.account, p.checkout_id,
                p.checkout_url AS url, p.return_url, p.made_at, p.opened_at, p.paid_at, (
                    SELECT coalesce(json_agg(r ORDER BY r.decided_at, r.id), '[]') FROM (
                        SELECT f.id, f.line_no, f.amount_cents, f.way, f.status, f.code, f.decided_at, f.done_at, f.arrives_on
                        FROM credits.refund AS f WHERE f.region_id = p_region AND f.payment_id = p.id
                    ) AS r
                ) AS refunds
            FROM credits.payment AS p
            WHERE p.region_id = p_region AND p.booking_id = p_booking
        ) AS x
    );
END $$;

-- Money that moves between accounts of the books, each with its entries: from `debit_id` to `credit_id`.
CREATE FUNCTION credits.write_money(p_region integer, p_rows json, p_now timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    WITH moved AS (
        INSERT INTO credits.transfer
            (region_id, id, kind, debit_id, credit_id, amount_cents, at, booking_id, line_no, payment_id, reference, reason)
        SELECT p_region, r.id, r.kind, r.debit_id, r.credit_id, r.amount_cents, p_now, r.booking_id, r.line_no,
            r.payment_id, r.reference, r.reason
        FROM json_to_recordset(p_rows) AS r (
            id uuid, kind credits.transfer_kind, debit_id uuid, credit_id uuid, amount_cents bigint, booking_id uuid,
            line_no smallint, payment_id uuid, reference text, reason text
        )
        RETURNING id, debit_id, credit_id, amount_cents
    )
    INSERT INTO credits.entry (region_id, account_id, transfer_id, amount_cents)
    SELECT p_region, credit_id, id, amount_cents FROM moved
    UNION ALL
    SELECT p_region, debit_id, id, -amount_cents FROM moved;
END $$;

-- Payments that are asked for. What is put on an invoice is owed from then on.
CREATE FUNCTION credits.write_payments(p_region integer, p_rows json, p_now timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO credits.payment
        (region_id, id, booking_id, seller_id, mandate_id, means, amount_cents, line_cents, account, return_url, made_at)
    SELECT p_region, r.id, r.booking_id, r.seller_id, r.mandate_id, r.means, r.amount_cents, r.line_cents, r.account,
        r.return_url, p_now
    FROM json_to_recordset(p_rows) AS r (
        id uuid, booking_id uuid, seller_id uuid, mandate_id uuid, means credits.payment_means, amount_cents integer,
        line_cents integer[], account text, return_url text
    );
    IF EXISTS (SELECT 1 FROM json_to_recordset(p_rows) AS r (means text) WHERE r.means = 'invoice') THEN
        PERFORM credits.write_money(p_region, (
            SELECT json_agg(json_build_object(
                'id', r.transfer_id, 'kind', 'invoice', 'debit_id', s.sale_account_id, 'credit_id', s.invoice_account_id,
                'amount_cents', r.amount_cents, 'booking_id', r.booking_id, 'payment_id', r.id
            ))
            FROM json_to_recordset(p_rows) AS r (
                id uuid, booking_id uuid, seller_id uuid, means text, amount_cents integer, transfer_id uuid
            )
            JOIN credits.seller AS s ON s.region_id = p_region AND s.organiser_id = r.seller_id
            WHERE r.means = 'invoice'
        ), p_now);
    END IF;
END $$;

-- Payments that were paid, with what really came in. A card is captured here; the money of a desk is in the rows of its receipt.
CREATE FUNCTION credits.capture_payments(p_region integer, p_rows json, p_now timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE v_asked integer; v_done integer;
BEGIN
    WITH asked AS (
        SELECT * FROM json_to_recordset(p_rows) AS r (
            id uuid, amount_cents integer, line_cents integer[], reference text, transfer_id uuid
        )
    ), paid AS (
        UPDATE credits.payment AS p
        SET status = 'paid', paid_at = p_now, ended_at = NULL, amount_cents = a.amount_cents, line_cents = a.line_cents,
            reference = a.reference
        FROM asked AS a
        WHERE p.region_id = p_region AND p.id = a.id AND p.status IN ('pending', 'failed', 'expired')
        RETURNING 1
    )
    SELECT json_array_length(p_rows), (SELECT count(*) FROM paid) INTO v_asked, v_done;
    IF v_asked <> v_done THEN
        RAISE EXCEPTION 'a payment changed under its lock' USING ERRCODE = 'serialization_failure';
    END IF;
    PERFORM credits.write_money(p_region, (
        SELECT json_agg(json_build_object(
            'id', r.transfer_id, 'kind', 'capture', 'debit_id', s.sale_account_id, 'credit_id', s.card_account_id,
            'amount_cents', r.amount_cents, 'booking_id', p.booking_id, 'payment_id', p.id, 'reference', r.reference
        ))
        FROM json_to_recordset(p_rows) AS r (id uuid, amount_cents integer, reference text, transfer_id uuid)
        JOIN credits.payment AS p ON p.region_id = p_region AND p.id = r.id
        JOIN credits.seller AS s ON s.region_id = p_region AND s.organiser_id = p.seller_id
        WHERE p.means = 'card'
    ), p_now);
END $$;

-- Payments that nothing comes of any more.
CREATE FUNCTION credits.end_payments(p_region integer, p_rows json, p_now timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    UPDATE credits.payment AS p SET status = r.status, ended_at = p_now
    FROM json_to_recordset(p_rows) AS r (id uuid, status credits.payment_status)
    WHERE p.region_id = p_region AND p.id = r.id AND p.status = 'pending';
END $$;

-- What was decided to go back; it is executed after the commit.
CREATE FUNCTION credits.write_refunds(p_region integer, p_rows json, p_now timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO credits.refund
        (region_id, id, payment_id, booking_id, line_no, amount_cents, way, reason, code, decided_at)
    SELECT p_region, r.id, r.payment_id, r.booking_id, r.line_no, r.amount_cents, r.way, r.reason, r.code, p_now
    FROM json_to_recordset(p_rows) AS r (
        id uuid, payment_id uuid, booking_id uuid, line_no smallint, amount_cents integer, way credits.refund_way,
        reason text, code text
    );
END $$;

-- A payment of which all went back, or was taken back by the bank, says so; one of which something came home again no longer does.
CREATE FUNCTION credits.mark_refunded(p_region integer, p_payment uuid) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE v_back bigint;
BEGIN
    SELECT coalesce(sum(r.amount_cents), 0) INTO v_back
    FROM credits.refund AS r WHERE r.region_id = p_region AND r.payment_id = p_payment AND r.status = 'done';
    UPDATE credits.payment AS p
    SET status = CASE WHEN p.amount_cents = v_back THEN 'refunded' ELSE 'paid' END::credits.payment_status
    WHERE p.region_id = p_region AND p.id = p_payment AND p.status IN ('paid', 'refunded');
END $$;

GRANT SELECT, INSERT, UPDATE ON credits.seller, credits.payment, credits.refund, credits.provider_event TO uit_app;

INSERT INTO uit.retention_class (name, keep, basis) VALUES
    ('guest', interval '90 days', 'Name and address of who booked without a pass: ninety days after the last session.');
INSERT INTO uit.retention (table_name, class, since) VALUES
    ('credits.seller', 'accounts', NULL), ('credits.payment', 'accounts', NULL), ('credits.refund', 'accounts', NULL),
    ('credits.provider_event', 'contact', 'received_at');

-- What the turnstile needs of it.
ALTER TABLE reservations.booking ADD COLUMN IF NOT EXISTS lengthened boolean NOT NULL DEFAULT false;
-- What a ticket of the line keeps of its money when its holder gives it up, as it was said when it was booked.
ALTER TABLE reservations.line ADD COLUMN IF NOT EXISTS cancel_fee_cents integer NOT NULL DEFAULT 0;

-- Who booked without a pass. The link of a mail tells that the address is theirs (`proven_at`); a higher `link_version` ends older links.
CREATE TABLE reservations.contact (
    region_id integer NOT NULL,
    booking_id uuid NOT NULL,
    name text NOT NULL,
    email text NOT NULL,
    link_version smallint NOT NULL DEFAULT 1,
    proven_at timestamptz,
    last_session_at timestamptz NOT NULL,
    PRIMARY KEY (region_id, booking_id)
);
CREATE INDEX contact_age ON reservations.contact (last_session_at);
GRANT SELECT, INSERT, UPDATE ON reservations.contact TO uit_app;
INSERT INTO uit.retention (table_name, class, since) VALUES ('reservations.contact', 'guest', 'last_session_at');
INSERT INTO uit.retention_follower (owner_name, table_name, column_name) VALUES
    ('reservations.booking', 'reservations.contact', 'booking_id');

-- As in 0008_turnstile.sql, with what a seller takes, payments, and what of them goes back.
-- Everything that `decide` needs to know, as one JSON document in the shape of `Facts`.
CREATE OR REPLACE FUNCTION reservations.facts(
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
CREATE OR REPLACE FUNCTION reservations.stored_bookings(p_region integer, p_ids uuid[]) RETURNS SETOF json
LANGUAGE plpgsql STABLE SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
BEGIN
    RETURN QUERY SELECT json_build_object(
        'region_id', b.region_id, 'id', b.id, 'digest', encode(b.digest, 'hex'), 'channel', b.channel,
        'by', json_build_object('kind', b.actor_kind, 'id', b.actor_id), 'made_at', b.made_at, 'held_until', b.held_until,
        'lengthened', b.lengthened, 'payments', credits.payments_of(p_region, b.id),
        'lines', (
            SELECT json_agg(x ORDER BY x.no) FROM (
                SELECT l.no, l.session_id, l.tariff_code, l.rank, l.holder_id, l.wallet_id, l.card_id, l.seller_id,
                    l.places, l.price_cents, l.credit_cents, l.vat_code, l.pool_ids, l.cancel_fee_cents, l.mandate_id,
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

-- Beside the one of 0008_turnstile.sql, which an application of before still calls: it differs in the number of its lists.
CREATE FUNCTION reservations.write(
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
        INSERT INTO reservations.ticket (region_id, booking_id, line_no, no, session_id, status)
        SELECT p_region, r.*
        FROM json_to_recordset(p_tickets) AS r (
            booking_id uuid, line_no smallint, no smallint, session_id uuid, status reservations.ticket_status
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
