-- What you take: sessions, pools, tariffs, bookings with lines and tickets, places and atoms.
-- What moves places and credit is in 0008_turnstile.sql.
CREATE SCHEMA reservations;
GRANT USAGE ON SCHEMA reservations TO uit_app;

-- `suspended`: the source took it back, or moved it so that it cannot be told where to; a person decides what becomes of it.
CREATE TYPE reservations.session_status AS ENUM ('scheduled', 'sold_elsewhere', 'postponed', 'suspended', 'cancelled');
-- `pool_ids` are all pools that its tariffs draw on; they are what a booking locks.
-- Copies of the event (organiser, domain, attendance) are pushed here, so that a booking reads one row.
-- `moved_at`, `moved_from`: when it was last given another time, and the start that it had before.
-- `decided_here`: its time or status was set at a desk, and an import leaves both alone.
-- `due_at`: when the worker next has something to do for its bookings; NULL when there is nothing left, or nothing yet.
CREATE TABLE reservations.session (
    region_id integer NOT NULL,
    id uuid NOT NULL,
    event_id uuid NOT NULL,
    organiser_id uuid NOT NULL,
    domain organisers.domain NOT NULL,
    attendance organisers.attendance NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    sale_opens_at timestamptz,
    sale_closes_at timestamptz NOT NULL,
    cancel_until timestamptz NOT NULL,
    status reservations.session_status NOT NULL DEFAULT 'scheduled',
    status_reason text,
    pool_ids uuid[] NOT NULL,
    moved_at timestamptz,
    moved_from timestamptz,
    decided_here boolean NOT NULL DEFAULT false,
    due_at timestamptz,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, event_id) REFERENCES organisers.event (region_id, id),
    FOREIGN KEY (region_id, organiser_id) REFERENCES organisers.organiser (region_id, id),
    CONSTRAINT a_session_ends_after_it_starts CHECK (ends_at >= starts_at)
);
CREATE INDEX session_of_event ON reservations.session (region_id, event_id, starts_at);
CREATE INDEX session_by_start ON reservations.session (region_id, starts_at, id);
CREATE INDEX session_of_organiser ON reservations.session (region_id, organiser_id, starts_at);
-- The worker's queue: what is earned, who did not come, and what was called off.
CREATE INDEX session_due ON reservations.session (due_at) WHERE due_at IS NOT NULL;

-- A number of places that is counted. Pools nest: a ticket draws on a leaf and on everything above it.
-- `held` is set apart for channels; `licensed_capacity` is what the room may hold, `capacity` what is on sale.
CREATE TABLE reservations.pool (
    region_id integer NOT NULL,
    id uuid NOT NULL,
    parent_id uuid,
    name text NOT NULL,
    licensed_capacity integer NOT NULL CHECK (licensed_capacity >= 0),
    capacity integer NOT NULL,
    taken integer NOT NULL DEFAULT 0,
    held integer NOT NULL DEFAULT 0,
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, parent_id) REFERENCES reservations.pool (region_id, id),
    CONSTRAINT capacity_within_licence CHECK (capacity BETWEEN 0 AND licensed_capacity),
    CONSTRAINT never_oversold CHECK (taken >= 0 AND held >= 0 AND taken + held <= licensed_capacity)
) WITH (fillfactor = 50);
CREATE INDEX pool_parent ON reservations.pool (region_id, parent_id);

CREATE TYPE reservations.eligibility AS ENUM ('anyone', 'member', 'social');
-- The price of one place. `pool_ids`: every pool that one ticket draws on. `rank` orders what a page shows.
CREATE TABLE reservations.tariff (
    region_id integer NOT NULL,
    session_id uuid NOT NULL,
    code text NOT NULL CHECK (code ~ '^[a-z0-9][a-z0-9_-]{0,39}$'),
    name text NOT NULL,
    price_cents integer NOT NULL CHECK (price_cents BETWEEN 0 AND 10000000),
    eligibility reservations.eligibility NOT NULL DEFAULT 'anyone',
    age_from smallint,
    age_to smallint,
    pool_ids uuid[] NOT NULL,
    rank smallint NOT NULL DEFAULT 0,
    vat_code text NOT NULL DEFAULT 'exempt-44-2-9',
    active boolean NOT NULL DEFAULT true,
    PRIMARY KEY (region_id, session_id, code),
    FOREIGN KEY (region_id, session_id) REFERENCES reservations.session (region_id, id)
);

-- What a ticket and a door call a tariff: its name where that tells tickets apart, for a door looks at an age, and never
-- where it would tell who gets a lower price.
CREATE FUNCTION reservations.label_of(p_eligibility reservations.eligibility, p_code text, p_name text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN p_eligibility = 'social' OR p_code = 'base' THEN '' ELSE coalesce(p_name, '') END;
$$;

-- A booking, its lines and tickets are written together by reservations.write, and by nothing else. They carry no
-- foreign keys to each other: the triggers cost a quarter of a booking, and `check-ledger` looks for orphans.
-- Made once, under an id that the client chose, with what it asked (`digest` of method, path and content).
CREATE TYPE reservations.channel AS ENUM ('page', 'counter', 'box_office', 'api');
-- Who made it: a holder (by membership), a client, a guest with its link, a member of staff, or the worker.
CREATE TYPE reservations.actor_kind AS ENUM ('holder', 'client', 'guest', 'staff', 'worker');
CREATE TABLE reservations.booking (
    region_id integer NOT NULL,
    id uuid NOT NULL,
    digest bytea NOT NULL,
    channel reservations.channel NOT NULL,
    actor_kind reservations.actor_kind NOT NULL,
    actor_id text NOT NULL,
    made_at timestamptz NOT NULL,
    held_until timestamptz,
    PRIMARY KEY (region_id, id)
);
CREATE INDEX booking_on_hold ON reservations.booking (held_until) WHERE held_until IS NOT NULL;

-- Sessions, day slots and halls have places; a membership, a series, a ten-turn card and a walk-in have none.
CREATE TYPE reservations.offer_kind AS ENUM (
    'session', 'day_slot', 'space', 'membership_fee', 'enrolment', 'turn_card', 'walk_in'
);
-- Each line has its own holder (a membership; none for a guest) and the wallet that pays for it. Its price and credit are
-- those of the day it was booked, for all its places, and stay whatever ends.
CREATE TABLE reservations.line (
    region_id integer NOT NULL,
    booking_id uuid NOT NULL,
    no smallint NOT NULL,
    offer_kind reservations.offer_kind NOT NULL DEFAULT 'session',
    session_id uuid,
    tariff_code text,
    rank smallint NOT NULL,
    holder_id uuid,
    wallet_id uuid,
    card_id uuid,
    seller_id uuid NOT NULL,
    mandate_id uuid,
    places smallint NOT NULL CHECK (places BETWEEN 1 AND 1000),
    price_cents integer NOT NULL CHECK (price_cents >= 0),
    credit_cents integer NOT NULL DEFAULT 0 CHECK (credit_cents BETWEEN 0 AND price_cents),
    share_version smallint,
    vat_code text NOT NULL,
    pool_ids uuid[] NOT NULL,
    PRIMARY KEY (region_id, booking_id, no),
    CONSTRAINT a_session_line_names_its_session CHECK (offer_kind <> 'session' OR session_id IS NOT NULL)
);
CREATE INDEX line_of_holder ON reservations.line (region_id, holder_id) WHERE holder_id IS NOT NULL;

CREATE TYPE reservations.ticket_status AS ENUM (
    'held', 'confirmed', 'attended', 'no_show', 'cancelled', 'lapsed', 'refused'
);
-- How a ticket ended: given up by its holder or their client, called off with its date, withdrawn by the organiser, left
-- because its date moved, lapsed while it was held, or refused by the organiser.
CREATE TYPE reservations.ticket_ending AS ENUM ('given_up', 'called_off', 'withdrawn', 'moved_away', 'lapsed', 'refused');
-- A ticket ends by itself; a line has ended when all its tickets have. `returned_cents`: the credit that came back by it.
CREATE TABLE reservations.ticket (
    region_id integer NOT NULL,
    booking_id uuid NOT NULL,
    line_no smallint NOT NULL,
    no smallint NOT NULL,
    session_id uuid,
    weight smallint NOT NULL DEFAULT 1 CHECK (weight > 0),
    seat text,
    status reservations.ticket_status NOT NULL,
    attended_at timestamptz,
    checkin_id uuid,
    ending reservations.ticket_ending,
    ended_at timestamptz,
    returned_cents integer NOT NULL DEFAULT 0 CHECK (returned_cents >= 0),
    PRIMARY KEY (region_id, booking_id, line_no, no),
    CONSTRAINT attended_has_a_moment CHECK ((status = 'attended') = (attended_at IS NOT NULL)),
    CONSTRAINT an_end_has_a_name_and_a_moment CHECK (
        (status IN ('cancelled', 'lapsed', 'refused')) = (ending IS NOT NULL) AND (ending IS NULL) = (ended_at IS NULL)
    )
);
-- Not by region first: one who looks for a few tickets by their key would rather go through a whole region by this one.
-- The worker goes through the bookings of a session by it, in the order of their ids.
CREATE INDEX ticket_of_session ON reservations.ticket (session_id, region_id, booking_id);
-- A numbered place belongs to one live ticket.
CREATE UNIQUE INDEX place_is_taken_once ON reservations.ticket (region_id, session_id, seat)
    WHERE seat IS NOT NULL AND status IN ('held', 'confirmed', 'attended', 'no_show');

-- Check-ins that were a mistake. A late repeat of one is found here, and does not use the ticket again.
CREATE TABLE reservations.checkin_taken_back (
    region_id integer NOT NULL,
    booking_id uuid NOT NULL,
    line_no smallint NOT NULL,
    ticket_no smallint NOT NULL,
    checkin_id uuid NOT NULL,
    PRIMARY KEY (region_id, booking_id, line_no, ticket_no, checkin_id)
);

-- Which part of a booking was given up under which id: a repeat has its effect once, and other content is a conflict.
CREATE TABLE reservations.cancellation (
    region_id integer NOT NULL,
    id uuid NOT NULL,
    booking_id uuid NOT NULL,
    digest bytea NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (region_id, id)
);
CREATE INDEX cancellation_of_booking ON reservations.cancellation (region_id, booking_id);

-- What a date needs somebody to decide: at first its organiser, and from `escalates_at` on its region too.
-- `held`: places that pools of other dates keep back for its people, as {pool id: places}.
CREATE TYPE reservations.task_kind AS ENUM ('withdrawn_at_source', 'vanished_at_source');
CREATE TYPE reservations.task_decision AS ENUM ('called_off', 'goes_on', 'moved', 'postponed', 'back_at_source');
CREATE TABLE reservations.task (
    region_id integer NOT NULL,
    id uuid NOT NULL,
    kind reservations.task_kind NOT NULL,
    session_id uuid NOT NULL,
    organiser_id uuid NOT NULL,
    held jsonb NOT NULL DEFAULT '{}',
    opened_at timestamptz NOT NULL,
    escalates_at timestamptz NOT NULL,
    decided_at timestamptz,
    decided_by uuid,
    decision reservations.task_decision,
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, session_id) REFERENCES reservations.session (region_id, id),
    CONSTRAINT a_decision_has_a_moment CHECK ((decision IS NULL) = (decided_at IS NULL))
);
CREATE UNIQUE INDEX one_open_task_a_session ON reservations.task (region_id, session_id) WHERE decision IS NULL;
CREATE INDEX open_task_of_organiser ON reservations.task (region_id, organiser_id) WHERE decision IS NULL;
CREATE INDEX task_of_session ON reservations.task (region_id, session_id);

-- Places of bookings that were erased when their term had passed: a pool still counts them as taken.
CREATE TABLE reservations.erased_places (
    region_id integer NOT NULL,
    pool_id uuid NOT NULL,
    places bigint NOT NULL CHECK (places > 0),
    PRIMARY KEY (region_id, pool_id)
);

-- Atoms exclude: the smallest space or piece of equipment. A divisible hall is the set of its parts.
CREATE TABLE reservations.atom (
    region_id integer NOT NULL,
    id uuid NOT NULL,
    venue_id uuid NOT NULL,
    name text NOT NULL,
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, venue_id) REFERENCES organisers.venue (region_id, id)
);
CREATE INDEX atom_of_venue ON reservations.atom (region_id, venue_id);
-- Only what is live; a cancelled allocation moves to the log. (WITHOUT OVERLAPS takes no WHERE.)
CREATE TABLE reservations.allocation (
    region_id integer NOT NULL,
    atom_id uuid NOT NULL,
    during tstzrange NOT NULL,
    booking_id uuid,
    session_id uuid,
    PRIMARY KEY (region_id, atom_id, during WITHOUT OVERLAPS),
    FOREIGN KEY (region_id, atom_id) REFERENCES reservations.atom (region_id, id)
);
CREATE INDEX allocation_of_booking ON reservations.allocation (region_id, booking_id) WHERE booking_id IS NOT NULL;
CREATE TABLE reservations.allocation_log (
    region_id integer NOT NULL,
    id uuid NOT NULL,
    atom_id uuid NOT NULL,
    during tstzrange NOT NULL,
    booking_id uuid,
    session_id uuid,
    ended_at timestamptz NOT NULL,
    PRIMARY KEY (region_id, id)
);

GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA reservations TO uit_app;
REVOKE UPDATE ON reservations.checkin_taken_back, reservations.cancellation FROM uit_app;
REVOKE INSERT, UPDATE ON reservations.erased_places FROM uit_app;
GRANT DELETE ON reservations.allocation TO uit_app;

INSERT INTO uit.retention (table_name, class, since) VALUES
    ('reservations.session', 'scheme', NULL), ('reservations.pool', 'scheme', NULL),
    ('reservations.tariff', 'scheme', NULL), ('reservations.booking', 'booking', 'made_at'),
    ('reservations.line', 'booking', NULL), ('reservations.ticket', 'booking', NULL),
    ('reservations.checkin_taken_back', 'booking', NULL), ('reservations.cancellation', 'booking', NULL),
    ('reservations.task', 'scheme', NULL), ('reservations.erased_places', 'scheme', NULL),
    ('reservations.atom', 'scheme', NULL), ('reservations.allocation', 'booking', NULL),
    ('reservations.allocation_log', 'booking', 'ended_at');
-- Also what a booking has of a hall goes with it.
INSERT INTO uit.retention_follower (owner_name, table_name, column_name) VALUES
    ('reservations.booking', 'reservations.line', 'booking_id'),
    ('reservations.booking', 'reservations.ticket', 'booking_id'),
    ('reservations.booking', 'reservations.checkin_taken_back', 'booking_id'),
    ('reservations.booking', 'reservations.cancellation', 'booking_id'),
    ('reservations.booking', 'reservations.allocation', 'booking_id'),
    ('reservations.booking', 'uit.directory', 'key'), ('reservations.booking', 'uit.foreign_id', 'owner');

-- Before a booking is erased, its places are remembered per pool, so that the count of a pool can still be explained. By row
-- and before, since its lines and tickets go in the same statement.
CREATE FUNCTION reservations.remember_erased() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO reservations.erased_places AS e (region_id, pool_id, places)
    SELECT OLD.region_id, drawn.pool_id, sum(t.weight)
    FROM reservations.line AS l
    JOIN reservations.ticket AS t ON t.region_id = l.region_id AND t.booking_id = l.booking_id AND t.line_no = l.no
    CROSS JOIN LATERAL unnest(l.pool_ids) AS drawn (pool_id)
    WHERE l.region_id = OLD.region_id AND l.booking_id = OLD.id
        AND t.status IN ('held', 'confirmed', 'attended', 'no_show')
    GROUP BY drawn.pool_id
    ON CONFLICT (region_id, pool_id) DO UPDATE SET places = e.places + excluded.places;
    RETURN OLD;
END $$;
CREATE TRIGGER remember_erased BEFORE DELETE ON reservations.booking
FOR EACH ROW EXECUTE FUNCTION reservations.remember_erased();
