-- Acting for another: whom somebody asked for help, whether they agreed, and what a young person shares with a parent.
-- See docs/decisions/0042-who-may-do-what-for-whom.md.
ALTER TABLE identity.representation
    ADD COLUMN accepted_at timestamptz,
    ADD COLUMN checked_on date,
    ADD COLUMN shares_titles boolean NOT NULL DEFAULT false,
    ADD COLUMN warned_at timestamptz;
COMMENT ON COLUMN identity.representation.accepted_at IS 'When a trusted person agreed to help; others need not.';
COMMENT ON COLUMN identity.representation.checked_on IS 'When a clerk last saw that the order of an administrator still holds.';
COMMENT ON COLUMN identity.representation.shares_titles IS 'Whether a young person lets this parent see where they go.';
COMMENT ON COLUMN identity.representation.warned_at IS 'When the end of a parent''s powers at 18 was told.';

-- The age from which parents see amounts, and not where a young person goes.
ALTER TABLE uit.region ADD COLUMN own_outings_from smallint NOT NULL DEFAULT 16;

-- Whom somebody asked for help, by an address or the number of a pass and a name. It is never compared with who is known: only
-- the one who has it, and is signed in, finds it.
CREATE TABLE identity.asked_help (
    id uuid PRIMARY KEY,
    person_id uuid NOT NULL REFERENCES identity.person ON DELETE CASCADE,
    email text,
    card_number text,
    name text NOT NULL,
    powers text[] NOT NULL,
    limit_cents bigint,
    ends_on date NOT NULL,
    asked_at timestamptz NOT NULL,
    lapses_at timestamptz NOT NULL,
    CONSTRAINT asked_by_an_address_or_a_number CHECK (num_nonnulls(email, card_number) = 1),
    CONSTRAINT an_address_is_in_lower_case CHECK (email = lower(email)),
    CONSTRAINT a_limit_is_above_zero CHECK (limit_cents > 0)
);
CREATE INDEX asked_help_of_person ON identity.asked_help (person_id);
CREATE INDEX asked_help_by_email ON identity.asked_help (email) WHERE email IS NOT NULL;
CREATE INDEX asked_help_by_number ON identity.asked_help (card_number) WHERE card_number IS NOT NULL;
GRANT SELECT, INSERT, UPDATE, DELETE ON identity.asked_help TO uit_app;
INSERT INTO uit.retention (table_name, class, since) VALUES ('identity.asked_help', 'passing', 'lapses_at')
ON CONFLICT DO NOTHING;
