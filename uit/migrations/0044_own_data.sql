-- outside a transaction
-- squawk-ignore-file ban-concurrent-index-creation-in-transaction
-- It can be run again.
-- What a person sees and decides of their own data. See docs/decisions/0046-what-a-person-sees-and-decides-of-their-own-data.md.

-- Which service looked at somebody, when and for what. It names no worker; the trail does.
CREATE TABLE IF NOT EXISTS uit.look (
    region_id integer NOT NULL,
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    at timestamptz NOT NULL,
    service text NOT NULL,
    service_key text NOT NULL DEFAULT '',
    purpose text NOT NULL,
    PRIMARY KEY (region_id, id),
    CONSTRAINT a_service_is_known CHECK (service IN ('counter', 'social_service', 'auditor', 'organiser', 'client', 'partner'))
);
COMMENT ON COLUMN uit.look.service_key IS
    'The municipality of a counter, the id of a client, an organiser or a partner (a social service is one); empty for the whole region.';
CREATE INDEX IF NOT EXISTS look_of_person ON uit.look (region_id, person_id, at);
-- It is written in the order of time, as the trail is.
CREATE INDEX IF NOT EXISTS look_age ON uit.look USING brin (at);
GRANT SELECT, INSERT ON uit.look TO uit_app;
INSERT INTO uit.retention (table_name, class, since) VALUES ('uit.look', 'trail', 'at') ON CONFLICT DO NOTHING;

-- Another e-mail address that somebody asked for, until the link that was mailed there is used. The region is where they asked.
CREATE TABLE IF NOT EXISTS identity.new_email (
    digest bytea PRIMARY KEY,
    region_id integer NOT NULL REFERENCES uit.region,
    person_id uuid NOT NULL REFERENCES identity.person ON DELETE CASCADE,
    email text NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    CONSTRAINT an_address_is_in_lower_case CHECK (email = lower(email))
);
CREATE INDEX IF NOT EXISTS new_email_of_person ON identity.new_email (person_id);
CREATE INDEX IF NOT EXISTS new_email_expiry ON identity.new_email (expires_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON identity.new_email TO uit_app;
INSERT INTO uit.retention (table_name, class, since) VALUES ('identity.new_email', 'passing', 'expires_at') ON CONFLICT DO NOTHING;

-- The last day on which a browser was used, and for residents too the name of the browser: who lost a phone knows which to sign out.
ALTER TABLE identity.session ADD COLUMN IF NOT EXISTS used_on date;
COMMENT ON COLUMN identity.session.used_on IS 'The last day on which a resident used it. NULL: of staff, or not used since it was opened.';

-- Who asks themselves to be erased can take that back until this day; then the worker does what a clerk does for who asks.
ALTER TABLE passes.membership ADD COLUMN IF NOT EXISTS erase_asked_for date;
COMMENT ON COLUMN passes.membership.erase_asked_for IS
    'From when its holder wants to be erased, as they asked themselves. It waits while something of theirs is open.';
CREATE INDEX CONCURRENTLY IF NOT EXISTS membership_to_forget ON passes.membership (erase_asked_for, region_id, id) WHERE erase_asked_for IS NOT NULL;

-- A region uses the number of the national register only where it has leave for that, which it enters itself (art. 8 of the law of
-- 8 August 1983). Without one that holds today no number is taken or looked up.
CREATE TABLE IF NOT EXISTS identity.insz_authorisation (
    region_id integer NOT NULL REFERENCES uit.region,
    id uuid NOT NULL,
    number text NOT NULL,
    purposes text NOT NULL,
    categories text NOT NULL,
    starts_on date NOT NULL,
    ends_on date,
    entered_at timestamptz NOT NULL,
    stopped_at timestamptz,
    PRIMARY KEY (region_id, id),
    CONSTRAINT an_authorisation_ends_after_it_starts CHECK (ends_on >= starts_on)
);
GRANT SELECT, INSERT, UPDATE ON identity.insz_authorisation TO uit_app;
INSERT INTO uit.retention (table_name, class, since) VALUES ('identity.insz_authorisation', 'scheme', NULL) ON CONFLICT DO NOTHING;

-- A refusal, a reversal or the end of a right, with why, for the person alone; who looks again and where to complain stand as they
-- were that day. Asking to look again, and the answer, stand with it.
CREATE TABLE IF NOT EXISTS passes.decision (
    region_id integer NOT NULL,
    id uuid NOT NULL,
    membership_id uuid NOT NULL,
    what text NOT NULL,
    subject text NOT NULL DEFAULT '',
    ground text NOT NULL,
    rule text NOT NULL,
    from_on date NOT NULL,
    reviewer text NOT NULL,
    complaints text NOT NULL,
    actor_kind text NOT NULL,
    actor_id text NOT NULL,
    made_at timestamptz NOT NULL,
    asked_again_at timestamptz,
    asked_why text,
    answered_at timestamptz,
    answered_by text,
    outcome text,
    answer text,
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, membership_id) REFERENCES passes.membership (region_id, id) ON DELETE CASCADE,
    CONSTRAINT an_answer_is_whole CHECK (num_nulls(answered_at, answered_by, outcome, answer) IN (0, 4)),
    CONSTRAINT an_outcome_is_known CHECK (outcome IN ('kept', 'changed'))
);
CREATE INDEX IF NOT EXISTS decision_of_membership ON passes.decision (region_id, membership_id, made_at);
CREATE INDEX IF NOT EXISTS decision_to_look_at ON passes.decision (region_id, asked_again_at)
WHERE asked_again_at IS NOT NULL AND answered_at IS NULL;
GRANT SELECT, INSERT, UPDATE ON passes.decision TO uit_app;

CREATE TABLE IF NOT EXISTS passes.review_setting (
    region_id integer PRIMARY KEY REFERENCES uit.region,
    reviewer text NOT NULL,
    complaints text NOT NULL,
    changed_at timestamptz NOT NULL
);
COMMENT ON TABLE passes.review_setting IS 'Who of a region looks at a decision again, and its complaint service: name or function, and address.';
GRANT SELECT, INSERT, UPDATE ON passes.review_setting TO uit_app;
INSERT INTO uit.retention (table_name, class, since) VALUES
    ('passes.decision', 'identity', NULL), ('passes.review_setting', 'scheme', NULL)
ON CONFLICT DO NOTHING;
INSERT INTO uit.retention_follower (owner_name, table_name, column_name) VALUES
    ('passes.membership', 'passes.decision', 'membership_id')
ON CONFLICT DO NOTHING;

-- Below 13 a parent agrees to an e-mail address, at a counter; who of staff heard it stands in the trail.
ALTER TABLE identity.person ADD COLUMN IF NOT EXISTS email_consent_on date;
COMMENT ON COLUMN identity.person.email_consent_on IS 'When a parent last agreed at a counter to an e-mail address of a child below 13.';
