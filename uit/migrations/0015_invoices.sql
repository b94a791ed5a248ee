-- Organisations that book on an invoice: what a seller agreed with them, what each booking asks the seller's own software to
-- invoice, and what is read back from there: a number, money, credit notes.

-- `code_digest`: of the code with which the organisation books, which is shown once. `limit_cents`: how much may be open of all
-- its invoices together. `term_days`: from a booking to the day by which it is paid; the law of 2 August 2002 allows no more than sixty.
CREATE TABLE credits.customer (
    region_id integer NOT NULL,
    id uuid NOT NULL,
    seller_id uuid NOT NULL,
    name text NOT NULL,
    enterprise_number text NOT NULL CHECK (enterprise_number ~ '^[01][0-9]{9}$'),
    peppol_id text CHECK (peppol_id ~ '^[0-9]{4}:[A-Za-z0-9._-]{1,50}$'),
    street text NOT NULL,
    postal_code text NOT NULL,
    town text NOT NULL,
    email text NOT NULL,
    contact text NOT NULL,
    term_days smallint NOT NULL CHECK (term_days BETWEEN 1 AND 60),
    limit_cents integer NOT NULL CHECK (limit_cents > 0),
    starts_on date NOT NULL,
    ends_on date,
    code_digest bytea NOT NULL,
    agreed_at timestamptz NOT NULL,
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, seller_id) REFERENCES credits.seller (region_id, organiser_id),
    CONSTRAINT one_customer_of_a_code UNIQUE (region_id, code_digest),
    CONSTRAINT an_agreement_ends_after_it_starts CHECK (ends_on >= starts_on)
);
CREATE INDEX customer_of_seller ON credits.customer (region_id, seller_id);

-- One for each payment that is owed on an invoice, under the same id. `number` and `issued_on` are those of the seller's software.
-- `communication`: the twelve figures by which a bank line is known; the last two are the rest by 97 of the others.
-- `paid_cents` and `credited_cents` follow from transfers; what is left of the amount is open.
CREATE TABLE credits.invoice (
    region_id integer NOT NULL,
    id uuid NOT NULL,
    booking_id uuid NOT NULL,
    seller_id uuid NOT NULL,
    customer_id uuid NOT NULL,
    order_reference text,
    communication text NOT NULL CHECK (communication ~ '^[0-9]{12}$'),
    amount_cents integer NOT NULL CHECK (amount_cents > 0),
    requested_at timestamptz NOT NULL,
    due_on date NOT NULL,
    mailed_at timestamptz,
    number text,
    issued_on date,
    paid_cents integer NOT NULL DEFAULT 0 CHECK (paid_cents >= 0),
    credited_cents integer NOT NULL DEFAULT 0 CHECK (credited_cents BETWEEN 0 AND amount_cents),
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, id) REFERENCES credits.payment (region_id, id),
    FOREIGN KEY (region_id, customer_id) REFERENCES credits.customer (region_id, id),
    CONSTRAINT one_communication_of_a_seller UNIQUE (region_id, seller_id, communication),
    CONSTRAINT one_invoice_of_a_number UNIQUE (region_id, seller_id, number),
    CONSTRAINT a_number_has_a_day CHECK ((number IS NULL) = (issued_on IS NULL)),
    CONSTRAINT no_more_is_paid_than_was_asked CHECK (paid_cents <= amount_cents)
);
CREATE INDEX invoice_of_seller ON credits.invoice (region_id, seller_id, requested_at);
-- What a limit counts.
CREATE INDEX invoice_open ON credits.invoice (region_id, customer_id) WHERE paid_cents + credited_cents < amount_cents;

-- What is invoiced, as it was said when it was booked: a booking is erased long before its accounts. A price holds its VAT, and the
-- credit that paid part of it.
CREATE TABLE credits.invoice_line (
    region_id integer NOT NULL,
    invoice_id uuid NOT NULL,
    no smallint NOT NULL,
    words text NOT NULL,
    places smallint NOT NULL CHECK (places > 0),
    vat_code text NOT NULL,
    price_cents integer NOT NULL CHECK (price_cents >= 0),
    credit_cents integer NOT NULL CHECK (credit_cents BETWEEN 0 AND price_cents),
    PRIMARY KEY (region_id, invoice_id, no),
    FOREIGN KEY (region_id, invoice_id) REFERENCES credits.invoice (region_id, id)
);

-- A line of the seller's bank: money for an invoice, or below zero money that went back. Its transfer has the same id.
CREATE TABLE credits.invoice_payment (
    region_id integer NOT NULL,
    id uuid NOT NULL,
    invoice_id uuid NOT NULL,
    amount_cents integer NOT NULL CHECK (amount_cents <> 0),
    paid_on date NOT NULL,
    reference text NOT NULL,
    noted_at timestamptz NOT NULL,
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, invoice_id) REFERENCES credits.invoice (region_id, id),
    CONSTRAINT one_payment_of_a_bank_line UNIQUE (region_id, invoice_id, reference)
);

-- The day of a credit note; its number is `external_id`.
ALTER TABLE credits.refund ADD COLUMN IF NOT EXISTS issued_on date;

GRANT SELECT, INSERT, UPDATE ON credits.customer, credits.invoice TO uit_app;
GRANT SELECT, INSERT ON credits.invoice_line, credits.invoice_payment TO uit_app;
INSERT INTO uit.retention (table_name, class, since) VALUES
    ('credits.customer', 'accounts', NULL), ('credits.invoice', 'accounts', NULL),
    ('credits.invoice_line', 'accounts', NULL), ('credits.invoice_payment', 'accounts', NULL);

-- What a limit says is decided under this lock, which is taken after all others.
CREATE FUNCTION credits.lock_customers(p_region integer, p_ids uuid[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM credits.customer AS c WHERE c.region_id = p_region AND c.id = ANY (p_ids)
    ORDER BY c.id FOR NO KEY UPDATE OF c;
END $$;

-- What was agreed with these customers, and how much of their invoices is open.
CREATE FUNCTION credits.customer_terms(p_region integer, p_ids uuid[]) RETURNS json
LANGUAGE plpgsql STABLE SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
BEGIN
    RETURN (
        SELECT coalesce(json_agg(x), '[]') FROM (
            SELECT c.id, c.seller_id, c.term_days, c.limit_cents, c.starts_on, c.ends_on, (
                SELECT coalesce(sum(i.amount_cents - i.paid_cents - i.credited_cents), 0)
                FROM credits.invoice AS i
                WHERE i.region_id = p_region AND i.customer_id = c.id
                    AND i.paid_cents + i.credited_cents < i.amount_cents
            ) AS open_cents
            FROM credits.customer AS c WHERE c.region_id = p_region AND c.id = ANY (p_ids)
        ) AS x
    );
END $$;

-- Beside the one of 0008_turnstile.sql, which an application of before still calls: it differs in the number of its lists.
CREATE FUNCTION reservations.lock_and_read(
    p_region integer, p_sessions uuid[], p_bookings uuid[], p_closing uuid[], p_cards uuid[], p_members uuid[],
    p_cancellations uuid[], p_customers uuid[]
) RETURNS json
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM reservations.lock(p_region, p_sessions, p_closing, p_cards, p_members);
    IF cardinality(p_customers) = 0 THEN
        RETURN reservations.facts(p_region, p_sessions, p_bookings, p_cards, p_members, p_cancellations);
    END IF;
    PERFORM credits.lock_customers(p_region, p_customers);
    RETURN (
        reservations.facts(p_region, p_sessions, p_bookings, p_cards, p_members, p_cancellations)::jsonb
        || jsonb_build_object('customers', credits.customer_terms(p_region, p_customers))
    )::json;
END $$;

-- Payments that are asked for. What is put on an invoice is owed from then on, and asked of the seller's software.
CREATE OR REPLACE FUNCTION credits.write_payments(p_region integer, p_rows json, p_now timestamptz) RETURNS void
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
        INSERT INTO credits.invoice
            (region_id, id, booking_id, seller_id, customer_id, order_reference, communication, amount_cents,
             requested_at, due_on)
        SELECT p_region, r.id, r.booking_id, r.seller_id, r.customer_id, r.order_reference, r.communication,
            r.amount_cents, p_now, r.due_on
        FROM json_to_recordset(p_rows) AS r (
            id uuid, booking_id uuid, seller_id uuid, customer_id uuid, order_reference text, communication text,
            amount_cents integer, due_on date, means text
        )
        WHERE r.means = 'invoice';
    END IF;
END $$;
