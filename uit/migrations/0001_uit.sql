-- What everything stands on: regions, the directory of ids, the outbox, the audit trail and the retention catalogue.
CREATE SCHEMA uit;
-- For exclusions of "the same, and at overlapping times": agreements, awards, and who has a hall.
CREATE EXTENSION IF NOT EXISTS btree_gist;

-- The application works as uit_app, which may not do what the rules forbid; the vault has a role of its own.
DO $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'uit_app') THEN CREATE ROLE uit_app NOLOGIN; END IF;
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'uit_vault') THEN CREATE ROLE uit_vault NOLOGIN; END IF;
    EXECUTE format('GRANT uit_app, uit_vault TO %I', current_user);
END $$;
GRANT USAGE ON SCHEMA uit TO uit_app;

-- A kaartsysteem: one or more municipalities with one scheme. Region 0 is the platform itself.
CREATE TABLE uit.region (
    id integer PRIMARY KEY,
    slug text NOT NULL UNIQUE CHECK (slug ~ '^[a-z][a-z0-9-]{1,30}$'),
    name text NOT NULL,
    languages text[] NOT NULL DEFAULT '{nl}',
    help_phone text,
    help_text text
);
INSERT INTO uit.region (id, slug, name) VALUES (0, 'platform', 'Platform');

CREATE TABLE uit.municipality (
    refnis text PRIMARY KEY CHECK (refnis ~ '^[0-9]{5}$'),
    name text NOT NULL,
    name_fr text NOT NULL,
    province text NOT NULL,
    postal_codes text[] NOT NULL,
    latitude double precision,
    longitude double precision
);

CREATE TABLE uit.region_municipality (
    region_id integer NOT NULL REFERENCES uit.region,
    refnis text NOT NULL REFERENCES uit.municipality,
    PRIMARY KEY (region_id, refnis)
);

-- Where an id lives that comes alone. Unique over all regions, written in the transaction that makes the thing.
CREATE TYPE uit.directory_kind AS ENUM ('booking', 'session', 'card', 'insz', 'organiser', 'dossier');
CREATE TABLE uit.directory (
    kind uit.directory_kind NOT NULL,
    key uuid NOT NULL,
    region_id integer NOT NULL,
    owner uuid,
    PRIMARY KEY (kind, key)
);

-- Identifiers of other systems (and barcodes), so that a town can move over in mid-season.
CREATE TABLE uit.foreign_id (
    region_id integer NOT NULL,
    kind text NOT NULL CHECK (kind IN
        ('person', 'card', 'organiser', 'venue', 'event', 'session', 'booking', 'ticket', 'series')),
    source text NOT NULL,
    foreign_id text NOT NULL,
    owner uuid NOT NULL,
    line_no smallint,
    ticket_no smallint,
    barcode text,
    PRIMARY KEY (region_id, kind, source, foreign_id),
    -- A ticket has no id of its own: it is a number on a line of a booking, and that booking is its `owner`.
    CONSTRAINT a_ticket_and_nothing_else_has_its_numbers CHECK (
        num_nulls(line_no, ticket_no) = CASE kind WHEN 'ticket' THEN 0 ELSE 2 END
    )
);
COMMENT ON COLUMN uit.foreign_id.owner IS 'Our row: its id, or for a ticket the id of its booking.';
CREATE INDEX foreign_id_owner ON uit.foreign_id (region_id, owner);
-- A door shows a barcode and cannot say whose it is; two systems may have given the same one.
CREATE INDEX foreign_barcode ON uit.foreign_id (region_id, barcode) WHERE barcode IS NOT NULL;

-- What must happen outside the database after a commit: at least once, in order per key. A message is waiting, lent to a
-- worker, delivered, or failed: see decision 0010.
CREATE TABLE uit.outbox (
    region_id integer NOT NULL,
    id uuid NOT NULL,
    topic text NOT NULL,
    key uuid NOT NULL,
    payload jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    attempts smallint NOT NULL DEFAULT 0,
    delivered_at timestamptz,
    failure text,
    lease uuid,
    failed_at timestamptz,
    blocks boolean NOT NULL DEFAULT false,
    PRIMARY KEY (region_id, id),
    CONSTRAINT outbox_ends_once CHECK (delivered_at IS NULL OR failed_at IS NULL)
);
COMMENT ON COLUMN uit.outbox.lease IS 'Whom it is lent to until due_at: only that worker may say how it went.';
COMMENT ON COLUMN uit.outbox.blocks IS 'Failed, and those behind it with the same key wait until an operator decides.';
CREATE INDEX outbox_waiting ON uit.outbox (region_id, key, id) WHERE delivered_at IS NULL;
CREATE INDEX outbox_due ON uit.outbox (region_id, due_at, id) WHERE delivered_at IS NULL AND failed_at IS NULL;
CREATE INDEX outbox_failed ON uit.outbox (region_id, failed_at) WHERE failed_at IS NOT NULL;

-- Who did what to whose data, and the acts of staff. Never changed.
CREATE TABLE uit.audit (
    region_id integer NOT NULL,
    id uuid NOT NULL,
    at timestamptz NOT NULL,
    actor_kind text NOT NULL CHECK (actor_kind IN ('staff', 'person', 'client', 'door', 'system')),
    actor_id text NOT NULL,
    act text NOT NULL,
    subject_kind text NOT NULL,
    subject_id text NOT NULL,
    facts jsonb NOT NULL DEFAULT '{}',
    PRIMARY KEY (region_id, id)
);
CREATE INDEX audit_subject ON uit.audit (region_id, subject_kind, subject_id, id);
-- The trail is written in the order of time, so this stays small; without it the worker reads all of it to find what is due.
CREATE INDEX audit_age ON uit.audit USING brin (at);

-- How long each kind of data is kept, and why. `tests/test_schema.py` refuses a table without a class.
CREATE TABLE uit.retention_class (
    name text PRIMARY KEY,
    keep interval,
    basis text NOT NULL
);
COMMENT ON COLUMN uit.retention_class.keep IS
    'How long the worker keeps a row before it erases it. NULL: it erases nothing; `basis` says why, and until when.';
INSERT INTO uit.retention_class (name, keep, basis) VALUES
    ('reference', NULL, 'Public reference data; no personal data.'),
    ('scheme', NULL, 'The set-up of a region: kept while the region exists.'),
    -- An account without its transfers no longer adds up, and no row says from when the years of a purse would count.
    ('accounts', NULL, 'Accounts: ten years at least (art. III.86 Code of Economic Law). Kept until there is a procedure that closes '
        'a year, hands it to the archive and carries its balances forward.'),
    ('accounting', interval '10 years', 'Accounting records: art. III.86 Code of Economic Law, and public accounts.'),
    -- Destroying a dossier, to which its history refers, is for the archive to decide.
    ('dossier', NULL, 'Administrative dossiers: kept until the local archive has decided, under its selection list, what becomes of '
        'each. An award stands in the public register.'),
    ('identity', interval '2 years', 'A person and their pass: two years after the membership ended.'),
    ('booking', interval '3 years', 'Proof of what was booked; afterwards only figures.'),
    ('contact', interval '1 year', 'Mails and messages.'),
    ('door list', interval '30 days', 'Access of volunteers to a door list.'),
    -- One term for the whole trail, and for what gives its rows a name: who acted, by which role, and every look in the vault.
    -- Acts on money prove the accounts; acts on persons answer who saw or changed their data, while one can still claim for it.
    ('trail', interval '10 years', 'Audit trail: proof of the accounts (art. III.86 Code of Economic Law), and who saw or changed '
        'somebody''s data (art. 15 GDPR), until claims lapse (art. 2262bis old Civil Code).'),
    ('passing', interval '7 days', 'Sign-ins, links and queues that are over.'),
    ('named day', interval '0 days', 'Until the day that the row itself names.');

CREATE TABLE uit.retention (
    table_name text PRIMARY KEY,
    class text NOT NULL REFERENCES uit.retention_class,
    since text
);
COMMENT ON COLUMN uit.retention.since IS
    'The column that says since when a row is over. NULL: it goes with its owner, or its class is kept.';
INSERT INTO uit.retention (table_name, class, since) VALUES
    ('uit.region', 'scheme', NULL), ('uit.municipality', 'reference', NULL),
    ('uit.region_municipality', 'scheme', NULL), ('uit.directory', 'scheme', NULL),
    ('uit.foreign_id', 'scheme', NULL), ('uit.outbox', 'passing', 'delivered_at'),
    ('uit.audit', 'trail', 'at'), ('uit.retention_class', 'reference', NULL),
    ('uit.retention', 'reference', NULL), ('uit.retention_follower', 'reference', NULL),
    ('public.uit_migration', 'scheme', NULL);

-- Rows that go with a row of another table where no foreign key says so: `column_name` holds that row's id.
CREATE TABLE uit.retention_follower (
    owner_name text NOT NULL REFERENCES uit.retention,
    table_name text NOT NULL REFERENCES uit.retention,
    column_name text NOT NULL,
    PRIMARY KEY (owner_name, table_name)
);

-- Set-valued writers, called by the packages above inside their own transaction.
CREATE FUNCTION uit.write_directory(p_kind uit.directory_kind, p_region integer, p_rows json) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO uit.directory (kind, key, region_id, owner)
    SELECT p_kind, r.key, p_region, r.owner FROM json_to_recordset(p_rows) AS r (key uuid, owner uuid);
END $$;

-- The id is made here: it is the order of delivery, so one clock should give it.
CREATE FUNCTION uit.write_outbox(p_region integer, p_rows json, p_now timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO uit.outbox (region_id, id, topic, key, payload, created_at, due_at)
    SELECT p_region, uuidv7(), r.topic, r.key, coalesce(r.payload, '{}'), p_now, p_now
    FROM json_to_recordset(p_rows) AS r (topic text, key uuid, payload jsonb);
    PERFORM pg_notify('uit_outbox', '');
END $$;

CREATE FUNCTION uit.write_acts(p_region integer, p_rows json, p_now timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO uit.audit (region_id, id, at, actor_kind, actor_id, act, subject_kind, subject_id, facts)
    SELECT p_region, r.id, p_now, r.actor_kind, r.actor_id, r.act, r.subject_kind, r.subject_id, r.facts
    FROM json_to_recordset(p_rows) AS r (
        id uuid, actor_kind text, actor_id text, act text, subject_kind text, subject_id text, facts jsonb
    );
END $$;

GRANT SELECT ON ALL TABLES IN SCHEMA uit TO uit_app;
GRANT INSERT, UPDATE ON uit.region, uit.municipality, uit.region_municipality, uit.directory, uit.foreign_id TO uit_app;
GRANT INSERT, UPDATE, DELETE ON uit.outbox TO uit_app;
GRANT DELETE ON uit.foreign_id TO uit_app;
GRANT INSERT ON uit.audit TO uit_app;
