-- Who booked, for the desk of an organiser: how it knows them, what it notes of a booking, and what it wrote to them.
-- See docs/decisions/0050-what-an-organiser-sees-of-who-booked.md.
ALTER TABLE organisers.event ADD COLUMN asks_full_name boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN organisers.event.asks_full_name IS
    'Whether its organiser asks the whole name; without asks_first_name it asks none at all.';

-- A few words of an organiser about a booking. Each organiser of a booking has its own.
CREATE TABLE reservations.booking_note (
    region_id integer NOT NULL,
    booking_id uuid NOT NULL,
    organiser_id uuid NOT NULL,
    note text NOT NULL,
    written_at timestamptz NOT NULL,
    PRIMARY KEY (region_id, booking_id, organiser_id),
    CONSTRAINT a_note_has_words CHECK (note <> '')
);
GRANT SELECT, INSERT, UPDATE, DELETE ON reservations.booking_note TO uit_app;

-- What an organiser wrote to all who booked a session.
CREATE TABLE reservations.written_message (
    region_id integer NOT NULL,
    id uuid NOT NULL,
    organiser_id uuid NOT NULL,
    session_id uuid NOT NULL,
    subject text NOT NULL,
    body text NOT NULL,
    written_at timestamptz NOT NULL,
    PRIMARY KEY (region_id, id)
);
CREATE INDEX written_message_of_session ON reservations.written_message (region_id, session_id, written_at);
CREATE INDEX written_message_age ON reservations.written_message USING brin (written_at);

-- A message for one booking. `queued_at`: when it went into the outbox. `way`: by which it went, once it did.
CREATE TABLE reservations.written_copy (
    region_id integer NOT NULL,
    message_id uuid NOT NULL,
    booking_id uuid NOT NULL,
    queued_at timestamptz,
    way text,
    outcome text NOT NULL DEFAULT 'waiting',
    done_at timestamptz,
    PRIMARY KEY (region_id, message_id, booking_id),
    CONSTRAINT an_outcome_of_a_copy_is_known CHECK (outcome IN ('waiting', 'sent', 'failed', 'nobody')),
    CONSTRAINT what_is_done_has_a_moment CHECK ((outcome = 'waiting') = (done_at IS NULL))
);
GRANT SELECT, INSERT ON reservations.written_message TO uit_app;
GRANT SELECT, INSERT, UPDATE ON reservations.written_copy TO uit_app;

INSERT INTO uit.retention (table_name, class, since) VALUES
    ('reservations.booking_note', 'booking', NULL), ('reservations.written_message', 'contact', 'written_at'),
    ('reservations.written_copy', 'contact', NULL);
INSERT INTO uit.unreported (table_name, column_name, reason)
VALUES ('reservations.booking_note', 'note', 'Typed by a person, and may name another.');
INSERT INTO uit.retention_follower (owner_name, table_name, column_name) VALUES
    ('reservations.booking', 'reservations.booking_note', 'booking_id'),
    ('reservations.written_message', 'reservations.written_copy', 'message_id');
