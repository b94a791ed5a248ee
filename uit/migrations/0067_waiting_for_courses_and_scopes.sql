-- Who waits for a course. See docs/decisions/0071-a-course-goes-where-a-date-goes.md.

-- With a course it is for all of the dates together, and not for one of them.
ALTER TABLE reservations.waiting_entry ADD COLUMN course_id uuid;

CREATE OR REPLACE FUNCTION reservations.write_waiting(
    p_region integer, p_entries json, p_states json, p_credit json, p_passes json, p_now timestamptz
) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE v_ids uuid[];
BEGIN
    INSERT INTO reservations.waiting_entry
        (region_id, id, event_id, session_ids, pool_ids, lines, membership_id, name, email, channel, made_by, joined_at, ends_at,
         state_at, person_id, client_id, digest, course_id)
    SELECT p_region, r.id, r.event_id, r.session_ids, r.pool_ids, r.lines, r.membership_id, r.name, r.email, r.channel, r.made_by,
        r.joined_at, r.ends_at, p_now, r.person_id, r.client_id, r.digest, r.course_id
    FROM json_to_recordset(p_entries) AS r (
        id uuid, event_id uuid, session_ids uuid[], pool_ids uuid[], lines jsonb, membership_id uuid, name text, email text,
        channel reservations.channel, made_by uuid, joined_at timestamptz, ends_at timestamptz, person_id uuid, client_id text,
        digest text, course_id uuid
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

-- Whether a date is one that a measure is for: by its scope, what that is of, and where and whose the date is.
CREATE FUNCTION reservations.is_in_scope(
    p_scope text, p_scope_id uuid, p_scope_refnis text, p_refnis text, p_organiser uuid, p_venue uuid
) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE p_scope
        WHEN 'region' THEN true
        WHEN 'municipality' THEN p_scope_refnis = p_refnis
        WHEN 'organiser' THEN p_scope_id = p_organiser
        ELSE p_scope_id = p_venue
    END
$$;

-- As in 0062_turn_cards.sql, by that function.
CREATE OR REPLACE FUNCTION reservations.cap_of(p_region integer, p_session uuid, p_licensed integer) RETURNS integer
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
    RETURN (
        SELECT min(coalesce(m.places, p_licensed * m.percent / 100))
        FROM reservations.session AS s
        JOIN organisers.event AS e ON e.region_id = p_region AND e.id = s.event_id
        LEFT JOIN organisers.venue AS v ON v.region_id = p_region AND v.id = e.venue_id
        JOIN reservations.measure AS m ON m.region_id = p_region AND m.ended_at IS NULL
            AND m.from_on <= (s.ends_at AT TIME ZONE 'Europe/Brussels')::date
            AND m.to_on >= (s.starts_at AT TIME ZONE 'Europe/Brussels')::date
            AND (m.organiser_id IS NULL OR m.organiser_id = s.organiser_id)
        WHERE s.region_id = p_region AND s.id = p_session AND s.attendance <> 'online'
        AND reservations.is_in_scope(m.scope, m.scope_id, m.refnis, v.refnis, s.organiser_id, e.venue_id)
        AND NOT EXISTS (
            SELECT 1 FROM reservations.turn_card AS c WHERE c.region_id = p_region AND c.session_id = p_session
        )
    );
END $$;
