-- What permits a clerk to act for a member: asked once per visit of that person, and for a short time. See decision 0043.
CREATE TABLE passes.permission (
    region_id integer NOT NULL,
    id uuid NOT NULL,
    membership_id uuid NOT NULL,
    staff_id uuid NOT NULL,
    organiser_id uuid,
    kind text NOT NULL,
    document_kind text,
    given_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, membership_id) REFERENCES passes.membership (region_id, id) ON DELETE CASCADE,
    CONSTRAINT a_permission_has_a_known_kind CHECK (kind IN ('pass', 'code', 'document', 'known', 'callback', 'word')),
    CONSTRAINT a_document_has_a_kind CHECK ((kind = 'document') = (document_kind IS NOT NULL)),
    CONSTRAINT a_permission_ends CHECK (ends_at > given_at)
);
COMMENT ON COLUMN passes.permission.organiser_id IS 'At the box office of this organiser, for its own dates; NULL: at a counter.';
COMMENT ON COLUMN passes.permission.document_kind IS 'The kind of what was shown. Its number is kept nowhere.';
CREATE INDEX permission_of_member ON passes.permission (region_id, membership_id, staff_id, ends_at);
GRANT SELECT, INSERT ON passes.permission TO uit_app;

-- The word by which somebody is known on the telephone: set at the counter, kept as passwords are.
CREATE TABLE passes.spoken_word (
    region_id integer NOT NULL,
    membership_id uuid NOT NULL,
    hash text NOT NULL,
    set_by uuid NOT NULL,
    set_at timestamptz NOT NULL,
    PRIMARY KEY (region_id, membership_id),
    FOREIGN KEY (region_id, membership_id) REFERENCES passes.membership (region_id, id) ON DELETE CASCADE
);
GRANT SELECT, INSERT, UPDATE, DELETE ON passes.spoken_word TO uit_app;

INSERT INTO uit.retention (table_name, class, since) VALUES
    ('passes.permission', 'passing', 'ends_at'), ('passes.spoken_word', 'identity', NULL)
ON CONFLICT DO NOTHING;
INSERT INTO uit.retention_follower (owner_name, table_name, column_name) VALUES
    ('passes.membership', 'passes.spoken_word', 'membership_id')
ON CONFLICT DO NOTHING;
