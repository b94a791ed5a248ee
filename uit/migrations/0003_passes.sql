-- Person, membership and card are three things: a person is a member of a region and holds cards of it.
CREATE SCHEMA passes;
GRANT USAGE ON SCHEMA passes TO uit_app;

CREATE TYPE passes.membership_status AS ENUM ('active', 'blocked', 'ended');
CREATE TABLE passes.membership (
    region_id integer NOT NULL REFERENCES uit.region,
    id uuid NOT NULL,
    person_id uuid NOT NULL REFERENCES identity.person,
    status passes.membership_status NOT NULL DEFAULT 'active',
    refnis text REFERENCES uit.municipality,
    starts_on date NOT NULL,
    ends_on date,
    social_until date,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (region_id, id),
    UNIQUE (region_id, person_id)
);
CREATE INDEX membership_of_person ON passes.membership (person_id);

-- Why somebody has the social tariff, for the auditor alone: its own grant, never joined by a page. It outlives the
-- membership, so nothing holds it to one.
CREATE TABLE passes.attestation (
    region_id integer NOT NULL,
    id uuid NOT NULL,
    membership_id uuid NOT NULL,
    applies boolean NOT NULL,
    until date,
    source text NOT NULL,
    reference text NOT NULL,
    document_kind text,
    officer_id uuid NOT NULL,
    rule_version text NOT NULL,
    checked_at timestamptz NOT NULL,
    PRIMARY KEY (region_id, id)
);
CREATE INDEX attestation_of_membership ON passes.attestation (region_id, membership_id);

-- A household is membership with dates; a child may belong to two.
CREATE TABLE passes.household_member (
    region_id integer NOT NULL,
    household_id uuid NOT NULL,
    membership_id uuid NOT NULL,
    starts_on date NOT NULL,
    ends_on date,
    PRIMARY KEY (region_id, household_id, membership_id, starts_on),
    FOREIGN KEY (region_id, membership_id) REFERENCES passes.membership (region_id, id) ON DELETE CASCADE
);
CREATE INDEX household_member_of_membership ON passes.household_member (region_id, membership_id);

CREATE TYPE passes.card_kind AS ENUM ('digital', 'paper', 'nfc');
CREATE TYPE passes.card_state AS ENUM ('active', 'blocked', 'replaced');
-- `number` identifies and permits nothing; what a QR carries is signed and holds `token_version`.
CREATE TABLE passes.card (
    region_id integer NOT NULL,
    id uuid NOT NULL,
    membership_id uuid NOT NULL,
    number text NOT NULL CHECK (number ~ '^[0-9]{13}$'),
    kind passes.card_kind NOT NULL,
    issuer text NOT NULL,
    state passes.card_state NOT NULL DEFAULT 'active',
    token_version smallint NOT NULL DEFAULT 1,
    replaced_by uuid,
    issued_at timestamptz NOT NULL,
    ended_at timestamptz,
    PRIMARY KEY (region_id, id),
    UNIQUE (region_id, number),
    FOREIGN KEY (region_id, membership_id) REFERENCES passes.membership (region_id, id)
);
CREATE INDEX card_of_membership ON passes.card (region_id, membership_id);

-- The running part of the numbers that a region gives: never reused, not even after a failed transaction.
CREATE TABLE passes.number_series (
    region_id integer PRIMARY KEY REFERENCES uit.region,
    next integer NOT NULL DEFAULT 1 CHECK (next BETWEEN 1 AND 999999)
);

GRANT SELECT, INSERT, UPDATE ON passes.membership, passes.household_member, passes.card, passes.number_series TO uit_app;
GRANT INSERT ON passes.attestation TO uit_app;

INSERT INTO uit.retention (table_name, class, since) VALUES
    ('passes.membership', 'identity', 'ends_on'), ('passes.attestation', 'accounting', 'checked_at'),
    ('passes.household_member', 'identity', 'ends_on'), ('passes.card', 'identity', 'ended_at'),
    ('passes.number_series', 'scheme', NULL);
INSERT INTO uit.retention_follower (owner_name, table_name, column_name) VALUES
    ('passes.card', 'uit.directory', 'key'), ('passes.card', 'uit.foreign_id', 'owner');
