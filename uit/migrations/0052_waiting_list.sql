-- The waiting list of an activity: who waits for which of its dates, what they were offered, and why.
-- See docs/decisions/0054-a-place-that-comes-free-goes-to-who-waits.md.

-- What happens when fewer places come free than the first who waits needs: who fits gets them, or they are kept until enough come.
ALTER TABLE organisers.event ADD COLUMN waiting_rule text NOT NULL DEFAULT 'pass_on'
    CONSTRAINT a_waiting_list_has_a_known_rule CHECK (waiting_rule IN ('pass_on', 'keep'));
COMMENT ON COLUMN organisers.event.waiting_rule IS
    'Whether places that are too few for the first who waits go to the next who fits, or are kept until there are enough.';

-- One place in line. `session_ids` are dates of one activity that are all as good, of which it takes one; `pool_ids` what those draw
-- on. `lines` are the places that are wanted, together or not at all: [{"tariff", "places"}]. A guest has a name and an address.
-- `booking_id` is the offer, a booking that is held until `answer_by`; `kept_booking_id` holds places until there are enough.
CREATE TABLE reservations.waiting_entry (
    region_id integer NOT NULL,
    id uuid NOT NULL,
    event_id uuid NOT NULL,
    session_ids uuid[] NOT NULL,
    pool_ids uuid[] NOT NULL,
    lines jsonb NOT NULL,
    membership_id uuid,
    name text,
    email text,
    channel reservations.channel NOT NULL,
    made_by uuid,
    joined_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    state text NOT NULL DEFAULT 'waiting',
    state_at timestamptz NOT NULL,
    booking_id uuid,
    answer_by timestamptz,
    kept_booking_id uuid,
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, event_id) REFERENCES organisers.event (region_id, id),
    CONSTRAINT who_waits_has_a_known_state CHECK (
        state IN ('waiting', 'offered', 'accepted', 'declined', 'expired', 'left', 'over')
    ),
    CONSTRAINT who_waits_is_a_member_or_a_guest CHECK ((membership_id IS NULL) = (email IS NOT NULL)),
    CONSTRAINT an_offer_has_a_booking_and_a_deadline CHECK (
        (booking_id IS NULL) = (answer_by IS NULL) AND (state <> 'offered' OR booking_id IS NOT NULL)
    )
);
COMMENT ON COLUMN reservations.waiting_entry.made_by IS 'The member of staff who put them on the list, where they did not themselves.';
-- In the order of the line.
CREATE INDEX waiting_for_event ON reservations.waiting_entry (region_id, event_id, joined_at, id) WHERE state = 'waiting';
-- Whether somebody waits for what draws on a pool in which places came free.
CREATE INDEX waiting_for_pool ON reservations.waiting_entry USING gin (pool_ids) WHERE state = 'waiting';
CREATE INDEX waiting_entry_of_event ON reservations.waiting_entry (region_id, event_id, joined_at);
CREATE INDEX waiting_entry_of_member ON reservations.waiting_entry (region_id, membership_id) WHERE membership_id IS NOT NULL;
CREATE INDEX waiting_entry_offer ON reservations.waiting_entry (region_id, booking_id) WHERE booking_id IS NOT NULL;
CREATE INDEX waiting_entry_age ON reservations.waiting_entry (ends_at);
-- A member, or an address, stands in a line once.
CREATE UNIQUE INDEX a_member_waits_once ON reservations.waiting_entry (region_id, event_id, membership_id)
    WHERE membership_id IS NOT NULL AND state IN ('waiting', 'offered');
CREATE UNIQUE INDEX an_address_waits_once ON reservations.waiting_entry (region_id, event_id, lower(email))
    WHERE email IS NOT NULL AND state IN ('waiting', 'offered');
GRANT SELECT, INSERT, UPDATE ON reservations.waiting_entry TO uit_app;

-- Each time that a list was gone through: what was free and who stood where, as the rule had it (`known`), and what came of it
-- (`outcomes`), so that anybody can reckon it anew. By the ids of entries; nobody's name. Nothing is changed or taken away.
CREATE TABLE reservations.waiting_pass (
    region_id integer NOT NULL,
    id uuid NOT NULL,
    event_id uuid NOT NULL,
    at timestamptz NOT NULL,
    known jsonb NOT NULL,
    outcomes jsonb NOT NULL,
    PRIMARY KEY (region_id, id)
);
CREATE INDEX waiting_pass_of_event ON reservations.waiting_pass (region_id, event_id, at);
CREATE INDEX waiting_pass_age ON reservations.waiting_pass (at);
GRANT SELECT, INSERT ON reservations.waiting_pass TO uit_app;

INSERT INTO uit.retention (table_name, class, since) VALUES
    ('reservations.waiting_entry', 'guest', 'ends_at'), ('reservations.waiting_pass', 'contact', 'at')
ON CONFLICT DO NOTHING;

-- After a batch: who stands in line now, what became of who did, and how the lists were gone through. What credit pays of an offer
-- that was accepted is written on its lines. A repeat of who stands in line already adds nothing.
CREATE FUNCTION reservations.write_waiting(
    p_region integer, p_entries json, p_states json, p_credit json, p_passes json, p_now timestamptz
) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE v_ids uuid[];
BEGIN
    INSERT INTO reservations.waiting_entry
        (region_id, id, event_id, session_ids, pool_ids, lines, membership_id, name, email, channel, made_by, joined_at, ends_at,
         state_at)
    SELECT p_region, r.id, r.event_id, r.session_ids, r.pool_ids, r.lines, r.membership_id, r.name, r.email, r.channel, r.made_by,
        r.joined_at, r.ends_at, p_now
    FROM json_to_recordset(p_entries) AS r (
        id uuid, event_id uuid, session_ids uuid[], pool_ids uuid[], lines jsonb, membership_id uuid, name text, email text,
        channel reservations.channel, made_by uuid, joined_at timestamptz, ends_at timestamptz
    )
    ON CONFLICT (region_id, id) DO NOTHING;

    SELECT array_agg(r.id) INTO v_ids FROM json_to_recordset(p_states) AS r (id uuid);
    UPDATE reservations.waiting_entry AS e
    SET state = r.state, state_at = CASE WHEN e.state = r.state THEN e.state_at ELSE p_now END,
        booking_id = coalesce(r.booking_id, e.booking_id), answer_by = coalesce(r.answer_by, e.answer_by),
        kept_booking_id = r.kept_booking_id
    FROM json_to_recordset(p_states) AS r (id uuid, state text, booking_id uuid, answer_by timestamptz, kept_booking_id uuid)
    WHERE e.region_id = p_region AND e.id = r.id AND e.id = ANY (v_ids);

    SELECT array_agg(r.booking_id) INTO v_ids FROM json_to_recordset(p_credit) AS r (booking_id uuid);
    UPDATE reservations.line AS l SET credit_cents = r.credit_cents
    FROM json_to_recordset(p_credit) AS r (booking_id uuid, no smallint, credit_cents integer)
    WHERE l.region_id = p_region AND l.booking_id = r.booking_id AND l.no = r.no AND l.booking_id = ANY (v_ids);

    INSERT INTO reservations.waiting_pass (region_id, id, event_id, at, known, outcomes)
    SELECT p_region, r.id, r.event_id, p_now, r.known, r.outcomes
    FROM json_to_recordset(p_passes) AS r (id uuid, event_id uuid, known jsonb, outcomes jsonb);
END $$;

-- A place in a line goes along with a merge of two members. The one that takes its place allows all that this one did.
-- squawk-ignore ban-drop-constraint
ALTER TABLE passes.merge_moved DROP CONSTRAINT IF EXISTS merge_moved_what_check;
ALTER TABLE passes.merge_moved ADD CONSTRAINT a_merge_moves_what_is_known CHECK (what IN (
    'card', 'household', 'household_ended', 'purse', 'line', 'booking', 'claim', 'membership',
    'represented', 'representing', 'asked_help', 'insz', 'foreign_id', 'history', 'decision', 'letter',
    'mandate', 'service', 'provisional', 'waiting'
)) NOT VALID;
-- A merge is rare, so the table is small.
-- squawk-ignore constraint-missing-not-valid
ALTER TABLE passes.merge_moved VALIDATE CONSTRAINT a_merge_moves_what_is_known;
