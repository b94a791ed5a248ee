-- Partners: organisations that work with people in a region. Their workers, the group passes that they book by, what people allow
-- them, and whom a social service helps. See docs/decisions/0047-a-partner-books-for-a-group.md.
ALTER TYPE identity.staff_role ADD VALUE IF NOT EXISTS 'group_worker';

CREATE TABLE identity.partner (
    region_id integer NOT NULL REFERENCES uit.region,
    id uuid NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    enterprise_number text,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (region_id, id),
    CONSTRAINT a_partner_has_a_known_kind CHECK (kind IN ('social_service', 'care_home', 'association', 'school', 'youth_work'))
);
CREATE UNIQUE INDEX a_partner_has_a_name_of_its_own ON identity.partner (region_id, lower(name));
GRANT SELECT, INSERT ON identity.partner TO uit_app;

-- A role for a partner opens its pages alone. Written as text: a new label of a type is not to be used before this is committed.
ALTER TABLE identity.role
    ADD COLUMN partner_id uuid,
    ADD CONSTRAINT who_works_for_a_partner_has_one CHECK (role::text <> 'group_worker' OR partner_id IS NOT NULL) NOT VALID;

-- A card for a group of a partner. `tickets_a_year`: so many places at the social tariff in a year, for as long as `social_until`.
-- Its wallet, where it has credit of its own, has the same id.
CREATE TABLE passes.group_pass (
    region_id integer NOT NULL,
    id uuid NOT NULL,
    partner_id uuid NOT NULL,
    name text NOT NULL,
    tickets_a_year integer NOT NULL,
    social_until date NOT NULL,
    number text NOT NULL CHECK (number ~ '^[0-9]{13}$'),
    token_version smallint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    ended_at timestamptz,
    PRIMARY KEY (region_id, id),
    UNIQUE (region_id, number),
    FOREIGN KEY (region_id, partner_id) REFERENCES identity.partner (region_id, id),
    CONSTRAINT a_group_has_a_number_of_tickets CHECK (tickets_a_year BETWEEN 0 AND 100000)
);
CREATE INDEX group_pass_of_partner ON passes.group_pass (region_id, partner_id);
GRANT SELECT, INSERT, UPDATE ON passes.group_pass TO uit_app;

-- Which lines of bookings count for the number of a group, and for which year: that of the date as it was booked, also where it
-- moved since.
CREATE TABLE reservations.group_use (
    region_id integer NOT NULL,
    booking_id uuid NOT NULL,
    line_no smallint NOT NULL,
    group_id uuid NOT NULL,
    year smallint NOT NULL,
    PRIMARY KEY (region_id, booking_id, line_no)
);
CREATE INDEX group_use_of_group ON reservations.group_use (region_id, group_id, year);

-- What a group took in a year, as it was when somebody last booked or gave up: the rule of the turnstile, said again.
CREATE TABLE reservations.group_year (
    region_id integer NOT NULL,
    group_id uuid NOT NULL,
    year smallint NOT NULL,
    most integer NOT NULL,
    taken integer NOT NULL,
    PRIMARY KEY (region_id, group_id, year),
    FOREIGN KEY (region_id, group_id) REFERENCES passes.group_pass (region_id, id) ON DELETE CASCADE,
    CONSTRAINT a_group_takes_no_more_than_its_year CHECK (taken BETWEEN 0 AND most)
);
GRANT SELECT, INSERT, UPDATE ON reservations.group_use, reservations.group_year TO uit_app;

-- After a batch: the lines that count, what their groups may take, and what is taken now of every year of the groups that booked
-- or gave up.
CREATE FUNCTION reservations.write_group_use(p_region integer, p_uses json, p_groups json) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO reservations.group_use (region_id, booking_id, line_no, group_id, year)
    SELECT p_region, r.booking_id, r.line_no, r.group_id, r.year
    FROM json_to_recordset(p_uses) AS r (booking_id uuid, line_no smallint, group_id uuid, year smallint);
    INSERT INTO reservations.group_year (region_id, group_id, year, most, taken)
    SELECT DISTINCT p_region, r.group_id, r.year, r.most, 0
    FROM json_to_recordset(p_uses) AS r (group_id uuid, year smallint, most integer)
    ON CONFLICT (region_id, group_id, year) DO NOTHING;
    UPDATE reservations.group_year AS y
    SET taken = (
        SELECT coalesce(sum(t.weight), 0)
        FROM reservations.group_use AS u
        JOIN reservations.ticket AS t ON t.region_id = p_region AND t.booking_id = u.booking_id AND t.line_no = u.line_no
            AND t.status IN ('held', 'confirmed', 'attended', 'no_show')
        WHERE u.region_id = p_region AND u.group_id = y.group_id AND u.year = y.year
    ), most = coalesce((
        SELECT max(r.most) FROM json_to_recordset(p_uses) AS r (group_id uuid, year smallint, most integer)
        WHERE r.group_id = y.group_id AND r.year = y.year
    ), y.most)
    WHERE y.region_id = p_region AND y.group_id = ANY (ARRAY(SELECT json_array_elements_text(p_groups)::uuid));
END $$;

-- What somebody allows a partner to do for them, on signed paper or on screen.
CREATE TABLE identity.mandate (
    region_id integer NOT NULL,
    id uuid NOT NULL,
    partner_id uuid NOT NULL,
    person_id uuid NOT NULL REFERENCES identity.person ON DELETE CASCADE,
    powers text[] NOT NULL,
    limit_cents bigint,
    proof text NOT NULL,
    starts_on date NOT NULL,
    ends_on date NOT NULL,
    revoked_at timestamptz,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, partner_id) REFERENCES identity.partner (region_id, id),
    CONSTRAINT a_mandate_is_for_a_year CHECK (ends_on <= starts_on + interval '12 months'),
    CONSTRAINT a_mandate_has_a_limit_above_zero CHECK (limit_cents > 0),
    CONSTRAINT a_mandate_was_signed_or_given_on_screen CHECK (proof IN ('signed_paper', 'own_screen'))
);
CREATE INDEX mandate_of_person ON identity.mandate (person_id);
CREATE INDEX mandate_of_partner ON identity.mandate (region_id, partner_id);
GRANT SELECT, INSERT, UPDATE ON identity.mandate TO uit_app;

-- Whom a social service helps. That somebody is in it is a secret: no page but that of the service reads it. `dossier` is what an
-- auditor sees in the stead of a name.
CREATE TABLE identity.service_client (
    region_id integer NOT NULL,
    id uuid NOT NULL,
    partner_id uuid NOT NULL,
    person_id uuid NOT NULL REFERENCES identity.person ON DELETE CASCADE,
    dossier text NOT NULL,
    started_at timestamptz NOT NULL,
    ended_at timestamptz,
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, partner_id) REFERENCES identity.partner (region_id, id)
);
CREATE UNIQUE INDEX a_service_helps_somebody_once ON identity.service_client (region_id, partner_id, person_id)
    WHERE ended_at IS NULL;
CREATE INDEX service_client_of_person ON identity.service_client (person_id);

-- A right that a service gave before there was a proof, and until when. As secret as the one before.
CREATE TABLE passes.provisional_right (
    region_id integer NOT NULL,
    id uuid NOT NULL,
    membership_id uuid NOT NULL,
    partner_id uuid NOT NULL,
    given_at timestamptz NOT NULL,
    ends_on date NOT NULL,
    proven_at timestamptz,
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, membership_id) REFERENCES passes.membership (region_id, id) ON DELETE CASCADE,
    FOREIGN KEY (region_id, partner_id) REFERENCES identity.partner (region_id, id)
);
CREATE INDEX provisional_right_of_membership ON passes.provisional_right (region_id, membership_id);
GRANT SELECT, INSERT, UPDATE ON identity.service_client, passes.provisional_right TO uit_app;

INSERT INTO uit.retention (table_name, class, since) VALUES
    ('identity.partner', 'scheme', NULL), ('passes.group_pass', 'scheme', NULL),
    ('reservations.group_use', 'booking', NULL), ('reservations.group_year', 'scheme', NULL),
    ('identity.mandate', 'identity', 'ends_on'), ('identity.service_client', 'identity', 'ended_at'),
    ('passes.provisional_right', 'identity', 'ends_on')
ON CONFLICT DO NOTHING;
INSERT INTO uit.retention_follower (owner_name, table_name, column_name) VALUES
    ('reservations.booking', 'reservations.group_use', 'booking_id')
ON CONFLICT DO NOTHING;
