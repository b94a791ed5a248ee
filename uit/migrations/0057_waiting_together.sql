-- Who waits for several people, or by a client's program.
-- See docs/decisions/0059-several-people-wait-together.md.

-- `person_id`: who asked, where they act for others; `lines` then say whose pass each is: [{"tariff", "places", "membership_id"}],
-- without one that of `membership_id`. `client_id`: the client that asked, and `digest` what it bound the id to.
ALTER TABLE reservations.waiting_entry ADD COLUMN person_id uuid, ADD COLUMN client_id text, ADD COLUMN digest text;
COMMENT ON COLUMN reservations.waiting_entry.person_id IS 'Who asked for others, and is told; empty for who waits by their own pass.';
COMMENT ON COLUMN reservations.waiting_entry.client_id IS 'The client whose program asked, and may answer and leave.';

-- A version of before names neither.
CREATE OR REPLACE FUNCTION reservations.write_waiting(
    p_region integer, p_entries json, p_states json, p_credit json, p_passes json, p_now timestamptz
) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE v_ids uuid[];
BEGIN
    INSERT INTO reservations.waiting_entry
        (region_id, id, event_id, session_ids, pool_ids, lines, membership_id, name, email, channel, made_by, joined_at, ends_at,
         state_at, person_id, client_id, digest)
    SELECT p_region, r.id, r.event_id, r.session_ids, r.pool_ids, r.lines, r.membership_id, r.name, r.email, r.channel, r.made_by,
        r.joined_at, r.ends_at, p_now, r.person_id, r.client_id, r.digest
    FROM json_to_recordset(p_entries) AS r (
        id uuid, event_id uuid, session_ids uuid[], pool_ids uuid[], lines jsonb, membership_id uuid, name text, email text,
        channel reservations.channel, made_by uuid, joined_at timestamptz, ends_at timestamptz, person_id uuid, client_id text,
        digest text
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
