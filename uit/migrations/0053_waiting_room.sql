-- A waiting room before a sale: who enters is drawn by lot at its opening, and let in by measure.
-- See docs/decisions/0055-a-rush-is-drawn-and-let-in.md.
CREATE TABLE reservations.waiting_room (
    region_id integer NOT NULL,
    session_id uuid NOT NULL,
    opens_at timestamptz NOT NULL,
    nonce uuid NOT NULL,
    promise bytea NOT NULL,
    seed bytea,
    opened_at timestamptz,
    credit_share smallint NOT NULL,
    counter_share smallint NOT NULL,
    tenths_a_place smallint NOT NULL,
    turn_minutes smallint NOT NULL,
    last_place integer NOT NULL DEFAULT 0,
    let_in integer NOT NULL DEFAULT 0,
    ended_at timestamptz,
    end_reason text,
    made_at timestamptz NOT NULL,
    PRIMARY KEY (region_id, session_id),
    FOREIGN KEY (region_id, session_id) REFERENCES reservations.session (region_id, id),
    CONSTRAINT shares_are_of_ten CHECK (credit_share >= 0 AND counter_share >= 0 AND credit_share + counter_share <= 10),
    CONSTRAINT at_least_one_for_a_place CHECK (tenths_a_place >= 10),
    CONSTRAINT a_turn_takes_minutes CHECK (turn_minutes >= 2),
    CONSTRAINT a_seed_is_shown_when_it_opens CHECK ((seed IS NULL) = (opened_at IS NULL)),
    CONSTRAINT an_end_has_a_reason CHECK ((ended_at IS NULL) = (end_reason IS NULL))
);
CREATE INDEX waiting_room_that_goes_on ON reservations.waiting_room (region_id, session_id) WHERE ended_at IS NULL;
COMMENT ON COLUMN reservations.waiting_room.nonce IS 'From this and a key outside the database the seed follows.';
COMMENT ON COLUMN reservations.waiting_room.promise IS 'SHA-256 of the seed, published when the room is made.';
COMMENT ON COLUMN reservations.waiting_room.tenths_a_place IS 'How many people may have a turn for ten places that are left.';
GRANT SELECT, INSERT, UPDATE ON reservations.waiting_room TO uit_app;

-- Who waits. A pass or a proven address has one; a place comes from the draw, or after it by arrival.
CREATE TABLE reservations.queue_entry (
    region_id integer NOT NULL,
    session_id uuid NOT NULL,
    id uuid NOT NULL,
    share text NOT NULL,
    membership_id uuid,
    email text,
    opens_at timestamptz NOT NULL,
    entered_at timestamptz NOT NULL,
    proven_at timestamptz,
    place integer,
    drawn_place integer,
    let_in_at timestamptz,
    turn_until timestamptz,
    lengthened smallint NOT NULL DEFAULT 0,
    booking_id uuid,
    left_at timestamptz,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (region_id, session_id, id),
    FOREIGN KEY (region_id, session_id) REFERENCES reservations.waiting_room (region_id, session_id) ON DELETE CASCADE,
    FOREIGN KEY (region_id, membership_id) REFERENCES passes.membership (region_id, id) ON DELETE CASCADE,
    CONSTRAINT one_entry_a_pass UNIQUE (region_id, session_id, membership_id),
    CONSTRAINT one_entry_an_address UNIQUE (region_id, session_id, email),
    CONSTRAINT one_entry_a_place UNIQUE (region_id, session_id, place),
    CONSTRAINT an_entry_is_of_a_pass_or_an_address CHECK ((membership_id IS NULL) <> (email IS NULL)),
    CONSTRAINT a_place_is_of_who_is_proven CHECK (place IS NULL OR proven_at IS NOT NULL),
    CONSTRAINT a_share_is_known CHECK (share IN ('open', 'credit', 'counter'))
);
CREATE INDEX queue_entry_waiting ON reservations.queue_entry (region_id, session_id, share, place)
    WHERE let_in_at IS NULL AND left_at IS NULL AND place IS NOT NULL;
CREATE INDEX queue_entry_changed ON reservations.queue_entry (region_id, session_id, changed_at, id);
CREATE INDEX queue_entry_of_member ON reservations.queue_entry (region_id, membership_id);
GRANT SELECT, INSERT, UPDATE ON reservations.queue_entry TO uit_app;

INSERT INTO uit.retention_class (name, keep, basis) VALUES
    ('queue', interval '30 days', 'Who waited for a sale: kept for as long as one may ask how it went.')
ON CONFLICT DO NOTHING;
INSERT INTO uit.retention (table_name, class, since) VALUES
    ('reservations.waiting_room', 'scheme', NULL), ('reservations.queue_entry', 'queue', 'opens_at')
ON CONFLICT DO NOTHING;
