-- What an organiser asks for a price besides an age, a number and a pass; and who stayed away from whom.
-- See docs/decisions/0056-conditions-of-a-price-and-staying-away.md.

-- Of a price of an event, for all its dates: an import writes none of it. A code is kept as the keyed digest of what was given.
CREATE TABLE reservations.tariff_condition (
    region_id integer NOT NULL,
    event_id uuid NOT NULL,
    code text NOT NULL,
    for_members boolean NOT NULL DEFAULT false,
    for_companion boolean NOT NULL DEFAULT false,
    most_per_person smallint CHECK (most_per_person BETWEEN 1 AND 1000),
    most_per_household smallint CHECK (most_per_household BETWEEN 1 AND 1000),
    code_digest text,
    code_until date,
    code_uses integer CHECK (code_uses BETWEEN 1 AND 100000),
    shows text NOT NULL DEFAULT '' CHECK (length(shows) <= 100),
    decided_at timestamptz NOT NULL,
    decided_by uuid NOT NULL,
    PRIMARY KEY (region_id, event_id, code),
    FOREIGN KEY (region_id, event_id) REFERENCES organisers.event (region_id, id),
    CONSTRAINT a_code_has_what_goes_with_it CHECK (code_digest IS NOT NULL OR (code_until IS NULL AND code_uses IS NULL)),
    CONSTRAINT a_companion_needs_no_pass_and_no_code CHECK (NOT for_companion OR (NOT for_members AND code_digest IS NULL))
);
GRANT SELECT, INSERT, UPDATE, DELETE ON reservations.tariff_condition TO uit_app;

-- In the shape of `condition.Condition`; NULL where nothing is asked. `p_least`: see `reservations.session_facts`.
CREATE FUNCTION reservations.condition_of(p_region integer, p_event uuid, p_code text, p_least integer) RETURNS json
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
        SELECT json_strip_nulls(json_build_object(
            'least', p_least, 'for_members', c.for_members, 'for_companion', c.for_companion,
            'most_per_person', c.most_per_person, 'most_per_household', c.most_per_household,
            'code_digest', c.code_digest, 'code_until', c.code_until, 'code_uses', c.code_uses, 'shows', c.shows
        ))
        FROM reservations.tariff_condition AS c
        WHERE c.region_id = p_region AND c.event_id = p_event AND c.code = p_code
    );
END $$;

-- As in 0049_places.sql, with what an organiser asks. An application of before knows nothing of that: it reads a `least` that
-- nobody can ask for, and refuses.
CREATE OR REPLACE FUNCTION reservations.session_facts(p_region integer, p_sessions uuid[], p_every_tariff boolean) RETURNS json
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT json_agg(x) FROM (
        SELECT s.id, s.organiser_id, s.domain, s.attendance, s.status, s.starts_at, s.ends_at,
            s.sale_opens_at, s.sale_closes_at, s.cancel_until, s.pool_ids, s.moved_at,
            (SELECT json_agg(t) FROM (
                SELECT t.code, t.price_cents, t.eligibility, t.age_from, t.age_to, t.pool_ids, t.rank, t.vat_code, t.weight,
                    CASE WHEN c.code IS NULL THEN t.least ELSE 32767 END AS least, t.born_from, t.born_to,
                    CASE WHEN c.code IS NOT NULL THEN reservations.condition_of(p_region, s.event_id, t.code, t.least) END
                        AS condition
                FROM reservations.tariff AS t
                LEFT JOIN reservations.tariff_condition AS c
                    ON c.region_id = p_region AND c.event_id = s.event_id AND c.code = t.code
                WHERE t.region_id = p_region AND t.session_id = s.id AND t.active AND (
                    p_every_tariff
                    OR t.weight = 1 AND t.least = 1 AND t.born_from IS NULL AND t.born_to IS NULL AND c.code IS NULL
                )
            ) AS t) AS tariffs, credits.seller_terms(p_region, s.organiser_id) AS terms
        FROM reservations.session AS s
        WHERE s.region_id = p_region AND s.id = ANY (p_sessions)
    ) AS x);
END $$;

-- What a door and a ticket call a price: a companion by that word alone, and what is shown at the door, for a price that tells
-- nothing of who has it.
CREATE FUNCTION reservations.label_at_door(
    p_region integer, p_session uuid, p_code text, p_eligibility reservations.eligibility, p_name text
) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE v_label text := reservations.label_of(p_eligibility, p_code, p_name); v_companion boolean; v_shows text;
BEGIN
    IF p_eligibility = 'social' THEN RETURN v_label; END IF;
    SELECT c.for_companion, c.shows INTO v_companion, v_shows
    FROM reservations.session AS s
    JOIN reservations.tariff_condition AS c ON c.region_id = p_region AND c.event_id = s.event_id AND c.code = p_code
    WHERE s.region_id = p_region AND s.id = p_session;
    IF v_companion THEN v_label := 'Begeleider'; END IF;
    RETURN concat_ws(' · ', nullif(v_label, ''), nullif(v_shows, ''));
END $$;

-- When an organiser asks who stayed away before to confirm that they come. Without a row, or not on, it asks nobody.
CREATE TABLE reservations.absence_rule (
    region_id integer NOT NULL,
    organiser_id uuid NOT NULL,
    is_on boolean NOT NULL,
    after_times smallint NOT NULL CHECK (after_times BETWEEN 2 AND 20),
    hours_before smallint NOT NULL CHECK (hours_before BETWEEN 1 AND 12),
    decided_at timestamptz NOT NULL,
    decided_by uuid NOT NULL,
    PRIMARY KEY (region_id, organiser_id),
    FOREIGN KEY (region_id, organiser_id) REFERENCES organisers.organiser (region_id, id)
);
COMMENT ON COLUMN reservations.absence_rule.after_times IS 'So many absences in six months, the last one before it asks. A first one costs nothing.';
GRANT SELECT, INSERT, UPDATE ON reservations.absence_rule TO uit_app;

-- Who did not come to a date of an organiser that keeps a rule, of those whom it may ask. For that organiser alone, and for six months.
CREATE TABLE reservations.absence (
    region_id integer NOT NULL,
    booking_id uuid NOT NULL,
    session_id uuid NOT NULL,
    organiser_id uuid NOT NULL,
    membership_id uuid NOT NULL,
    ended_at timestamptz NOT NULL,
    excused_at timestamptz,
    PRIMARY KEY (region_id, booking_id, session_id),
    FOREIGN KEY (region_id, membership_id) REFERENCES passes.membership (region_id, id) ON DELETE CASCADE
);
CREATE INDEX absence_of_membership ON reservations.absence (region_id, membership_id, organiser_id);
CREATE INDEX absence_at_organiser ON reservations.absence (region_id, organiser_id, ended_at);
CREATE INDEX absence_age ON reservations.absence (ended_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON reservations.absence TO uit_app;

-- That somebody was asked whether they come, and until when they can say so.
CREATE TABLE reservations.asked_confirmation (
    region_id integer NOT NULL,
    id uuid NOT NULL,
    booking_id uuid NOT NULL,
    session_id uuid NOT NULL,
    asked_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    told_at timestamptz,
    answer text CHECK (answer IN ('comes', 'given_up', 'given_on', 'left')),
    PRIMARY KEY (region_id, id),
    UNIQUE (region_id, booking_id, session_id)
);
CREATE INDEX confirmation_is_due ON reservations.asked_confirmation (due_at) WHERE answer IS NULL;
GRANT SELECT, INSERT, UPDATE ON reservations.asked_confirmation TO uit_app;

INSERT INTO uit.retention_class (name, keep, basis) VALUES
    ('absence', interval '6 months', 'Who did not come where they had a place: as long as an organiser may ask them to confirm.')
ON CONFLICT DO NOTHING;
INSERT INTO uit.retention (table_name, class, since) VALUES
    ('reservations.tariff_condition', 'scheme', NULL), ('reservations.absence_rule', 'scheme', NULL),
    ('reservations.absence', 'absence', 'ended_at'), ('reservations.asked_confirmation', 'passing', 'due_at')
ON CONFLICT DO NOTHING;
INSERT INTO uit.unreported (table_name, column_name, reason)
VALUES ('reservations.tariff_condition', 'code_digest', 'Lets somebody in who guesses the code behind it.')
ON CONFLICT DO NOTHING;
