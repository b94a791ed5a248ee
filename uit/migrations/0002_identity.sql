-- Who you are: persons, sign-in, staff and their roles, clients, representation, and the vault for INSZ numbers.
CREATE SCHEMA identity;
GRANT USAGE ON SCHEMA identity TO uit_app;

CREATE TABLE identity.person (
    id uuid PRIMARY KEY,
    given_name text NOT NULL,
    family_name text NOT NULL,
    born_on date,
    email text UNIQUE CHECK (email = lower(email)),
    phone text,
    language text NOT NULL DEFAULT 'nl',
    refnis text REFERENCES uit.municipality,
    died_on date,
    merged_into uuid REFERENCES identity.person,
    ended_at timestamptz,
    created_at timestamptz NOT NULL
);
CREATE INDEX person_merged ON identity.person (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX person_name ON identity.person (lower(family_name) text_pattern_ops, lower(given_name) text_pattern_ops);

-- Acting for another. Only a trusted person is given by the resident: twelve months at most, with limits, revocable.
CREATE TYPE identity.representation_kind AS ENUM ('parental', 'administrator', 'mandate', 'trusted');
CREATE TABLE identity.representation (
    id uuid PRIMARY KEY,
    kind identity.representation_kind NOT NULL,
    person_id uuid NOT NULL REFERENCES identity.person ON DELETE CASCADE,
    representative_id uuid NOT NULL REFERENCES identity.person ON DELETE CASCADE,
    powers text[] NOT NULL,
    limit_cents bigint CHECK (limit_cents > 0),
    proof text NOT NULL,
    starts_on date NOT NULL,
    ends_on date,
    revoked_at timestamptz,
    created_at timestamptz NOT NULL,
    CONSTRAINT nobody_represents_themselves CHECK (person_id <> representative_id),
    CONSTRAINT trusted_for_a_year CHECK
        (kind <> 'trusted' OR (ends_on IS NOT NULL AND ends_on <= starts_on + interval '12 months'))
);
CREATE INDEX representation_by_representative ON identity.representation (representative_id);
CREATE INDEX representation_of_person ON identity.representation (person_id);

CREATE TABLE identity.staff (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    email text NOT NULL UNIQUE CHECK (email = lower(email)),
    password_hash text,
    totp_secret bytea,
    totp_last_step bigint NOT NULL DEFAULT 0,
    ended_at timestamptz,
    created_at timestamptz NOT NULL
);

CREATE TYPE identity.staff_role AS ENUM (
    'clerk', 'social_worker', 'box_office', 'organiser', 'programme_officer', 'financial_director',
    'tourism_officer', 'assessor', 'jury_member', 'municipality', 'auditor'
);
-- A role holds for one region, one organiser, one municipality, or (tourism) the whole of Flanders: region 0.
CREATE TABLE identity.role (
    region_id integer NOT NULL REFERENCES uit.region,
    id uuid NOT NULL,
    staff_id uuid NOT NULL REFERENCES identity.staff ON DELETE CASCADE,
    role identity.staff_role NOT NULL,
    organiser_id uuid,
    refnis text REFERENCES uit.municipality,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz,
    PRIMARY KEY (region_id, id),
    CONSTRAINT organisers_have_an_organiser CHECK ((role IN ('organiser', 'box_office')) = (organiser_id IS NOT NULL)),
    CONSTRAINT municipalities_have_a_municipality CHECK (role <> 'municipality' OR refnis IS NOT NULL)
);
CREATE INDEX role_of_staff ON identity.role (staff_id);

-- Signed-in browsers. Only the digest of what the cookie holds is kept.
CREATE TABLE identity.session (
    digest bytea PRIMARY KEY,
    person_id uuid REFERENCES identity.person,
    staff_id uuid REFERENCES identity.staff,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    second_factor_at timestamptz,
    revoked_at timestamptz,
    CONSTRAINT one_kind_of_user CHECK (num_nonnulls(person_id, staff_id) = 1)
);
CREATE INDEX session_expiry ON identity.session (expires_at);
CREATE INDEX session_of_person ON identity.session (person_id) WHERE person_id IS NOT NULL;
CREATE INDEX session_of_staff ON identity.session (staff_id) WHERE staff_id IS NOT NULL;

CREATE TYPE identity.link_purpose AS ENUM ('sign_in', 'invitation', 'password');
CREATE TABLE identity.link (
    digest bytea PRIMARY KEY,
    purpose identity.link_purpose NOT NULL,
    person_id uuid REFERENCES identity.person,
    staff_id uuid REFERENCES identity.staff,
    next text NOT NULL DEFAULT '/',
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    CONSTRAINT one_kind_of_user CHECK (num_nonnulls(person_id, staff_id) = 1)
);
CREATE INDEX link_expiry ON identity.link (expires_at);
CREATE INDEX link_of_person ON identity.link (person_id) WHERE person_id IS NOT NULL;
CREATE INDEX link_of_staff ON identity.link (staff_id) WHERE staff_id IS NOT NULL;

-- Integrators: OAuth 2.0 client credentials (RFC 6749, 4.4), scoped to organisers of one region.
CREATE TABLE identity.client (
    region_id integer NOT NULL REFERENCES uit.region,
    id text NOT NULL,
    name text NOT NULL,
    secret_digest bytea NOT NULL,
    organiser_ids uuid[] NOT NULL,
    created_at timestamptz NOT NULL,
    ended_at timestamptz,
    PRIMARY KEY (region_id, id),
    UNIQUE (id)
);

CREATE TABLE identity.access_token (
    digest bytea PRIMARY KEY,
    client_id text REFERENCES identity.client (id),
    person_id uuid REFERENCES identity.person,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    CONSTRAINT one_kind_of_user CHECK (num_nonnulls(client_id, person_id) = 1)
);
CREATE INDEX access_token_expiry ON identity.access_token (expires_at);
CREATE INDEX access_token_of_person ON identity.access_token (person_id) WHERE person_id IS NOT NULL;

-- A volunteer's evening at a door: one link, one device (the first that opens it), one session.
CREATE TABLE identity.door_link (
    digest bytea PRIMARY KEY,
    region_id integer NOT NULL,
    id uuid NOT NULL,
    organiser_id uuid NOT NULL,
    session_id uuid NOT NULL,
    made_by uuid NOT NULL REFERENCES identity.staff,
    opens_at timestamptz NOT NULL,
    closes_at timestamptz NOT NULL,
    device_digest bytea,
    revoked_at timestamptz,
    UNIQUE (region_id, id)
);
CREATE INDEX door_link_made_by ON identity.door_link (made_by);
CREATE INDEX door_link_of_session ON identity.door_link (region_id, session_id);

-- INSZ numbers, only where the law and a purpose allow: enveloped under a key outside the database.
CREATE SCHEMA vault;
GRANT USAGE ON SCHEMA vault TO uit_vault;
CREATE TABLE vault.insz (
    person_id uuid PRIMARY KEY REFERENCES identity.person ON DELETE CASCADE,
    sealed bytea NOT NULL,
    key_id text NOT NULL,
    purpose text NOT NULL,
    keep_until date NOT NULL
);
CREATE TABLE vault.look (
    id uuid PRIMARY KEY,
    at timestamptz NOT NULL,
    actor_id text NOT NULL,
    person_id uuid NOT NULL,
    purpose text NOT NULL
);
GRANT SELECT, INSERT, UPDATE, DELETE ON vault.insz TO uit_vault;
GRANT SELECT, INSERT ON vault.look TO uit_vault;

GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA identity TO uit_app;

INSERT INTO uit.retention (table_name, class, since) VALUES
    ('identity.person', 'identity', 'ended_at'), ('identity.representation', 'identity', 'revoked_at'),
    ('identity.staff', 'trail', 'ended_at'), ('identity.role', 'trail', 'ends_at'),
    ('identity.session', 'passing', 'expires_at'), ('identity.link', 'passing', 'expires_at'),
    ('identity.client', 'scheme', NULL), ('identity.access_token', 'passing', 'expires_at'),
    ('identity.door_link', 'door list', 'closes_at'),
    ('vault.insz', 'named day', 'keep_until'), ('vault.look', 'trail', 'at');
INSERT INTO uit.retention_follower (owner_name, table_name, column_name) VALUES
    ('identity.person', 'uit.directory', 'owner'), ('identity.person', 'uit.foreign_id', 'owner');
