-- Where a person lives and how they are reached, what was changed of them, who is protected, and what somebody is in a
-- household. See decision 0041.
ALTER TABLE identity.person
    ADD COLUMN address_kind text,
    ADD COLUMN street text,
    ADD COLUMN house_number text,
    ADD COLUMN postcode text,
    ADD COLUMN place text,
    ADD COLUMN reached_by text,
    ADD COLUMN is_protected boolean NOT NULL DEFAULT false,
    ADD CONSTRAINT an_address_has_a_known_kind CHECK (address_kind IN ('home', 'reference', 'none')) NOT VALID,
    ADD CONSTRAINT a_way_to_reach_is_known CHECK (reached_by IN ('email', 'sms', 'letter', 'counter')) NOT VALID;
COMMENT ON COLUMN identity.person.address_kind IS
    'home; reference: an address for letters alone, never shown to others; none: stays in `refnis` without an address. NULL: not asked.';
COMMENT ON COLUMN identity.person.is_protected IS 'Found by nobody who has no pass or number of theirs. Why is not kept.';

-- What was changed of a person: a row for each field, under the id of the form. A reference address is not in it.
CREATE TABLE identity.person_change (
    id uuid NOT NULL,
    field text NOT NULL,
    person_id uuid NOT NULL REFERENCES identity.person ON DELETE CASCADE,
    before text,
    after text,
    actor_kind text NOT NULL,
    actor_id text NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (id, field)
);
CREATE INDEX person_change_of_person ON identity.person_change (person_id, at);
GRANT SELECT, INSERT, DELETE ON identity.person_change TO uit_app;
INSERT INTO uit.retention (table_name, class, since) VALUES ('identity.person_change', 'identity', 'at');

ALTER TABLE passes.household_member
    ADD COLUMN role text,
    ADD CONSTRAINT a_role_in_a_household_is_known CHECK (role IN ('parent', 'adult', 'child')) NOT VALID;
