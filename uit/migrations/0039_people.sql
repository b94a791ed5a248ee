-- outside a transaction
-- squawk-ignore-file ban-concurrent-index-creation-in-transaction, ban-drop-constraint
-- It can be run again, so a constraint is dropped before it is made.
-- Where a person lives and how they are reached, what was changed of them, who is protected, and what somebody is in a
-- household. See decision 0041.
ALTER TABLE identity.person
    ADD COLUMN IF NOT EXISTS address_kind text,
    ADD COLUMN IF NOT EXISTS street text,
    ADD COLUMN IF NOT EXISTS house_number text,
    ADD COLUMN IF NOT EXISTS postcode text,
    ADD COLUMN IF NOT EXISTS place text,
    ADD COLUMN IF NOT EXISTS reached_by text,
    ADD COLUMN IF NOT EXISTS is_protected boolean NOT NULL DEFAULT false,
    DROP CONSTRAINT IF EXISTS an_address_has_a_known_kind,
    DROP CONSTRAINT IF EXISTS a_way_to_reach_is_known,
    ADD CONSTRAINT an_address_has_a_known_kind CHECK (address_kind IN ('home', 'reference', 'none')) NOT VALID,
    ADD CONSTRAINT a_way_to_reach_is_known CHECK (reached_by IN ('email', 'sms', 'letter', 'counter')) NOT VALID;
COMMENT ON COLUMN identity.person.address_kind IS
    'home; reference: an address for letters alone, never shown to others; none: stays in `refnis` without an address. NULL: not asked.';
COMMENT ON COLUMN identity.person.is_protected IS 'Found by nobody who has no pass or number of theirs. Why is not kept.';
-- Whoever was born on a day, for who may be the person that a clerk is registering.
CREATE INDEX CONCURRENTLY IF NOT EXISTS person_birth ON identity.person (born_on) WHERE born_on IS NOT NULL;

-- What was changed of a person: a row for each field, under the id of the form. A reference address is not in it.
CREATE TABLE IF NOT EXISTS identity.person_change (
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
CREATE INDEX IF NOT EXISTS person_change_of_person ON identity.person_change (person_id, at);
GRANT SELECT, INSERT ON identity.person_change TO uit_app;
INSERT INTO uit.retention (table_name, class, since) VALUES ('identity.person_change', 'identity', 'at') ON CONFLICT DO NOTHING;

ALTER TABLE passes.household_member
    ADD COLUMN IF NOT EXISTS role text,
    DROP CONSTRAINT IF EXISTS a_role_in_a_household_is_known,
    ADD CONSTRAINT a_role_in_a_household_is_known CHECK (role IN ('parent', 'adult', 'child')) NOT VALID;
