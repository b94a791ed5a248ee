-- Activities that an organiser makes by hand, and what it says here of one that comes from a source.
-- See docs/decisions/0049-an-activity-made-by-hand.md.
ALTER TABLE organisers.event
    ADD COLUMN made_here boolean NOT NULL DEFAULT false,
    ADD COLUMN description_translations jsonb NOT NULL DEFAULT '{}';
COMMENT ON COLUMN organisers.event.made_here IS 'No source has it: its organiser makes it at the desk.';

-- The picture of an activity, as it was sent from the desk, without what a camera wrote in it.
CREATE TABLE organisers.event_picture (
    region_id integer NOT NULL,
    event_id uuid NOT NULL,
    media_type text NOT NULL CHECK (media_type IN ('image/jpeg', 'image/png', 'image/webp')),
    width integer NOT NULL CHECK (width > 0),
    height integer NOT NULL CHECK (height > 0),
    content bytea NOT NULL CHECK (octet_length(content) <= 3000000),
    version text NOT NULL,
    alt text NOT NULL,
    credit text NOT NULL,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (region_id, event_id),
    FOREIGN KEY (region_id, event_id) REFERENCES organisers.event (region_id, id)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON organisers.event_picture TO uit_app;

-- What its organiser says of an activity that comes from a source. `said` goes before the source: columns of the event with
-- their values. `at_source` has what the source says of the same columns, to show and to go back to.
CREATE TABLE organisers.event_here (
    region_id integer NOT NULL,
    event_id uuid NOT NULL,
    said jsonb NOT NULL,
    at_source jsonb NOT NULL,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (region_id, event_id),
    FOREIGN KEY (region_id, event_id) REFERENCES organisers.event (region_id, id)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON organisers.event_here TO uit_app;

-- How an activity that was made here is sold, on all its dates. Minutes are before the start.
CREATE TABLE reservations.event_sale (
    region_id integer NOT NULL,
    event_id uuid NOT NULL,
    licensed_capacity integer NOT NULL CHECK (licensed_capacity > 0),
    capacity integer NOT NULL,
    opens_at timestamptz,
    closes_minutes integer NOT NULL CHECK (closes_minutes >= 0),
    cancel_minutes integer NOT NULL CHECK (cancel_minutes >= 0),
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (region_id, event_id),
    FOREIGN KEY (region_id, event_id) REFERENCES organisers.event (region_id, id),
    CONSTRAINT capacity_within_licence CHECK (capacity BETWEEN 0 AND licensed_capacity)
);
GRANT SELECT, INSERT, UPDATE ON reservations.event_sale TO uit_app;

-- Its prices, for all its dates; each date has its own tariffs, made from these.
CREATE TABLE reservations.event_tariff (
    region_id integer NOT NULL,
    event_id uuid NOT NULL,
    code text NOT NULL CHECK (code ~ '^[a-z0-9][a-z0-9_-]{0,39}$'),
    name text NOT NULL,
    price_cents integer NOT NULL CHECK (price_cents BETWEEN 0 AND 10000000),
    eligibility reservations.eligibility NOT NULL,
    rank smallint NOT NULL,
    weight smallint NOT NULL CHECK (weight BETWEEN 1 AND 100),
    least smallint NOT NULL CHECK (least BETWEEN 1 AND 1000),
    age_from smallint CHECK (age_from BETWEEN 0 AND 120),
    age_to smallint CHECK (age_to BETWEEN 0 AND 120),
    PRIMARY KEY (region_id, event_id, code),
    FOREIGN KEY (region_id, event_id) REFERENCES organisers.event (region_id, id),
    CONSTRAINT ages_are_a_band CHECK (age_from <= age_to)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON reservations.event_tariff TO uit_app;

-- The dates of a draft. When it is published they become sessions, and are gone here.
CREATE TABLE reservations.event_date (
    region_id integer NOT NULL,
    event_id uuid NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    PRIMARY KEY (region_id, event_id, starts_at),
    FOREIGN KEY (region_id, event_id) REFERENCES organisers.event (region_id, id),
    CONSTRAINT a_date_ends_after_it_starts CHECK (ends_at > starts_at)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON reservations.event_date TO uit_app;

INSERT INTO uit.retention (table_name, class, since) VALUES
    ('organisers.event_picture', 'scheme', NULL), ('organisers.event_here', 'scheme', NULL),
    ('reservations.event_sale', 'scheme', NULL), ('reservations.event_tariff', 'scheme', NULL),
    ('reservations.event_date', 'scheme', NULL);
