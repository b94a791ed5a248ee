-- What is offered: organisers, their venues and events. Sessions, with places, live in reservations.
CREATE SCHEMA organisers;
GRANT USAGE ON SCHEMA organisers TO uit_app;

CREATE TABLE organisers.organiser (
    region_id integer NOT NULL REFERENCES uit.region,
    id uuid NOT NULL,
    name text NOT NULL,
    enterprise_number text CHECK (enterprise_number ~ '^[01][0-9]{9}$'),
    email text,
    phone text,
    url text,
    created_at timestamptz NOT NULL,
    ended_at timestamptz,
    PRIMARY KEY (region_id, id)
);

-- Who may sell on whose behalf: a seller is the organiser, or the region as its agent under a written mandate.
CREATE TABLE organisers.mandate (
    region_id integer NOT NULL,
    id uuid NOT NULL,
    organiser_id uuid NOT NULL,
    reference text NOT NULL,
    starts_on date NOT NULL,
    ends_on date,
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, organiser_id) REFERENCES organisers.organiser (region_id, id)
);
CREATE INDEX mandate_of_organiser ON organisers.mandate (region_id, organiser_id);

CREATE TABLE organisers.venue (
    region_id integer NOT NULL REFERENCES uit.region,
    id uuid NOT NULL,
    name text NOT NULL,
    street text NOT NULL DEFAULT '',
    postal_code text NOT NULL DEFAULT '',
    locality text NOT NULL DEFAULT '',
    refnis text REFERENCES uit.municipality,
    latitude double precision,
    longitude double precision,
    PRIMARY KEY (region_id, id)
);

CREATE TYPE organisers.domain AS ENUM ('culture', 'sport', 'youth', 'tourism');
CREATE TYPE organisers.attendance AS ENUM ('offline', 'online', 'mixed');
CREATE TABLE organisers.event (
    region_id integer NOT NULL,
    id uuid NOT NULL,
    organiser_id uuid NOT NULL,
    venue_id uuid,
    name text NOT NULL,
    name_translations jsonb NOT NULL DEFAULT '{}',
    description text NOT NULL DEFAULT '',
    domain organisers.domain NOT NULL,
    type_label text NOT NULL DEFAULT '',
    theme_label text NOT NULL DEFAULT '',
    age_from smallint CHECK (age_from BETWEEN 0 AND 150),
    age_to smallint CHECK (age_to BETWEEN 0 AND 150),
    attendance organisers.attendance NOT NULL DEFAULT 'offline',
    online_url text,
    image_url text,
    contact jsonb NOT NULL DEFAULT '{}',
    calendar_type text NOT NULL DEFAULT 'single',
    published boolean NOT NULL DEFAULT true,
    content_digest bytea,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, organiser_id) REFERENCES organisers.organiser (region_id, id),
    FOREIGN KEY (region_id, venue_id) REFERENCES organisers.venue (region_id, id)
);
CREATE INDEX event_of_organiser ON organisers.event (region_id, organiser_id);
CREATE INDEX event_at_venue ON organisers.event (region_id, venue_id);

GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA organisers TO uit_app;

-- A mandate says when it is over, and no row refers to it.
INSERT INTO uit.retention (table_name, class, since) VALUES
    ('organisers.organiser', 'scheme', NULL), ('organisers.mandate', 'accounting', 'ends_on'),
    ('organisers.venue', 'scheme', NULL), ('organisers.event', 'scheme', NULL);
