-- outside a transaction
-- squawk-ignore-file ban-concurrent-index-creation-in-transaction
-- It can be run again.
-- How somebody is reached: by which way each kind of message goes, and what is printed for who has no e-mail address.
-- See docs/decisions/0044-how-a-message-reaches-a-person.md.
CREATE TABLE IF NOT EXISTS identity.message_setting (
    person_id uuid NOT NULL REFERENCES identity.person ON DELETE CASCADE,
    kind text NOT NULL,
    way text NOT NULL,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (person_id, kind),
    CONSTRAINT a_way_of_a_message_is_known CHECK (way IN ('email', 'sms', 'letter', 'counter', 'off'))
);
COMMENT ON TABLE identity.message_setting IS
    'What somebody chose for a kind of message (uit/identity/message/kind.py), where that differs from how they are reached.';
GRANT SELECT, INSERT, UPDATE, DELETE ON identity.message_setting TO uit_app;

-- A message on paper, under the id of the message of the outbox: it is printed at a counter, posted, and may come back. Or it waits
-- there until its person comes by.
CREATE TABLE IF NOT EXISTS identity.letter (
    region_id integer NOT NULL REFERENCES uit.region,
    id uuid NOT NULL,
    person_id uuid NOT NULL REFERENCES identity.person ON DELETE CASCADE,
    kind text NOT NULL,
    subject text NOT NULL,
    body text NOT NULL,
    written_at timestamptz NOT NULL,
    batch_id uuid,
    printed_at timestamptz,
    posted_at timestamptz,
    returned_at timestamptz,
    dropped_at timestamptz,
    is_for_counter boolean NOT NULL DEFAULT false,
    told_at timestamptz,
    PRIMARY KEY (region_id, id),
    CONSTRAINT only_a_counter_tells CHECK (is_for_counter OR told_at IS NULL),
    CONSTRAINT only_what_was_printed_is_posted CHECK (posted_at IS NULL OR batch_id IS NOT NULL),
    CONSTRAINT only_what_was_posted_comes_back CHECK (returned_at IS NULL OR posted_at IS NOT NULL),
    CONSTRAINT what_is_posted_was_not_dropped CHECK (num_nonnulls(posted_at, dropped_at) <= 1)
);
CREATE INDEX IF NOT EXISTS letter_of_person ON identity.letter (person_id);
CREATE INDEX IF NOT EXISTS letter_to_post ON identity.letter (region_id, written_at)
    WHERE posted_at IS NULL AND dropped_at IS NULL AND NOT is_for_counter;
CREATE INDEX IF NOT EXISTS letter_of_batch ON identity.letter (region_id, batch_id) WHERE batch_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS letter_returned ON identity.letter (region_id, returned_at) WHERE returned_at IS NOT NULL;
GRANT SELECT, INSERT, UPDATE ON identity.letter TO uit_app;
ALTER TABLE identity.person ADD COLUMN IF NOT EXISTS address_doubted_at timestamptz;
COMMENT ON COLUMN identity.letter.is_for_counter IS 'Nothing is sent: a counter says it to who comes by, at `told_at`.';
COMMENT ON COLUMN identity.person.address_doubted_at IS 'Since when a letter to the address came back. NULL: none did since it was last changed or trusted.';

-- Codes to sign in, in a text message and on paper, are links that are typed. A number finds whose it is.
ALTER TYPE identity.link_purpose ADD VALUE IF NOT EXISTS 'sms';
ALTER TYPE identity.link_purpose ADD VALUE IF NOT EXISTS 'slip';
ALTER TYPE identity.link_purpose ADD VALUE IF NOT EXISTS 'letter';
CREATE INDEX CONCURRENTLY IF NOT EXISTS person_phone ON identity.person (phone) WHERE phone IS NOT NULL;

-- The worklist of a counter: what a clerk marked as done, and which credit was refused to whom.
CREATE TABLE IF NOT EXISTS credits.worklist_mark (
    region_id integer NOT NULL,
    kind text NOT NULL,
    membership_id uuid NOT NULL,
    about text NOT NULL,
    done_at timestamptz NOT NULL,
    PRIMARY KEY (region_id, kind, membership_id, about),
    CONSTRAINT a_task_of_a_counter_is_known CHECK (kind IN ('proof', 'double', 'letter', 'grant'))
);
GRANT SELECT, INSERT ON credits.worklist_mark TO uit_app;
CREATE TABLE IF NOT EXISTS credits.refused_grant (
    region_id integer NOT NULL,
    membership_id uuid NOT NULL,
    programme_id uuid NOT NULL,
    code text NOT NULL,
    refused_at timestamptz NOT NULL,
    PRIMARY KEY (region_id, membership_id, programme_id)
);
GRANT SELECT, INSERT, UPDATE ON credits.refused_grant TO uit_app;
CREATE INDEX CONCURRENTLY IF NOT EXISTS membership_by_proof ON passes.membership (region_id, social_until)
    WHERE social_until IS NOT NULL;
CREATE INDEX CONCURRENTLY IF NOT EXISTS membership_by_start ON passes.membership (region_id, starts_on, id)
    WHERE status = 'active';

INSERT INTO uit.retention (table_name, class, since) VALUES ('identity.letter', 'contact', 'written_at'),
    ('identity.message_setting', 'identity', NULL),
    ('credits.worklist_mark', 'contact', 'done_at'), ('credits.refused_grant', 'contact', 'refused_at')
ON CONFLICT DO NOTHING;
INSERT INTO uit.retention_follower (owner_name, table_name, column_name) VALUES
    ('identity.person', 'identity.message_setting', 'person_id'),
    ('passes.membership', 'credits.worklist_mark', 'membership_id'),
    ('passes.membership', 'credits.refused_grant', 'membership_id')
ON CONFLICT DO NOTHING;
