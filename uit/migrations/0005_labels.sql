-- Labels: criteria and procedures with their versions, dossiers of municipalities, decisions and awards.
-- Shared by all regions: a municipality is its REFNIS code, and no key names a region.
CREATE SCHEMA labels;
GRANT USAGE ON SCHEMA labels TO uit_app;

CREATE TYPE labels.kind AS ENUM ('day', 'stay');

CREATE TABLE labels.programme (
    code text PRIMARY KEY CHECK (code ~ '^[a-z][a-z0-9_]{1,40}$'),
    name text NOT NULL
);

-- Steps, terms, who decides and how one appeals, as data. `document` is a `Procedure`.
CREATE TABLE labels.procedure (
    programme text NOT NULL REFERENCES labels.programme,
    version smallint NOT NULL,
    document jsonb NOT NULL,
    adopted_at timestamptz NOT NULL,
    PRIMARY KEY (programme, version)
);

-- `rules` holds a rule tree per kind, over the criteria of the set.
CREATE TABLE labels.criteria_set (
    programme text NOT NULL REFERENCES labels.programme,
    version smallint NOT NULL,
    rules jsonb NOT NULL,
    is_example boolean NOT NULL,
    adopted_by text,
    adopted_at timestamptz,
    PRIMARY KEY (programme, version),
    CONSTRAINT adopted_by_somebody CHECK ((adopted_by IS NULL) = (adopted_at IS NULL))
);

-- An answer is a whole number; for a `yes_no` it is 1 or 0. `fact` names the figure on the town's own label page.
-- `most` is the highest figure that can be true: a year has 366 days at most, a share is never above 100 %. None: no limit.
CREATE TABLE labels.criterion (
    programme text NOT NULL,
    version smallint NOT NULL,
    code text NOT NULL CHECK (code ~ '^[a-z][a-z0-9_]{1,40}$'),
    position smallint NOT NULL,
    kind labels.kind NOT NULL,
    section text NOT NULL,
    question text NOT NULL,
    hint text NOT NULL,
    answer text NOT NULL CHECK (answer IN ('number', 'yes_no')),
    unit text NOT NULL,
    least bigint NOT NULL CHECK (least >= 0),
    most bigint,
    required boolean NOT NULL,
    fact text,
    PRIMARY KEY (programme, version, code),
    UNIQUE (programme, version, position),
    FOREIGN KEY (programme, version) REFERENCES labels.criteria_set (programme, version),
    CONSTRAINT most_can_be_met CHECK (most >= least)
);

-- Once adopted, a set and its criteria stay as they are, whoever tries: a change is a new version.
CREATE FUNCTION labels.keep_adopted() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'criteria_set' THEN
        IF OLD.adopted_at IS NULL THEN RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END; END IF;
    ELSIF NOT EXISTS (
        SELECT 1 FROM labels.criteria_set AS s
        WHERE s.adopted_at IS NOT NULL AND (
            (TG_OP <> 'INSERT' AND (s.programme, s.version) = (OLD.programme, OLD.version))
            OR (TG_OP <> 'DELETE' AND (s.programme, s.version) = (NEW.programme, NEW.version))
        )
    ) THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    RAISE EXCEPTION 'adopted criteria never change' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER adopted_sets_stay BEFORE UPDATE OR DELETE ON labels.criteria_set
    FOR EACH ROW EXECUTE FUNCTION labels.keep_adopted();
CREATE TRIGGER adopted_criteria_stay BEFORE INSERT OR UPDATE OR DELETE ON labels.criterion
    FOR EACH ROW EXECUTE FUNCTION labels.keep_adopted();

-- What a municipality asks for. `history_no` and `history_digest` are the head of its chain.
CREATE TYPE labels.state AS ENUM ('draft', 'submitted', 'question', 'assessed', 'decided');
CREATE TABLE labels.dossier (
    id uuid PRIMARY KEY,
    programme text NOT NULL REFERENCES labels.programme,
    criteria_version smallint NOT NULL,
    procedure_version smallint NOT NULL,
    refnis text NOT NULL REFERENCES uit.municipality,
    kinds labels.kind[] NOT NULL CHECK (cardinality(kinds) BETWEEN 1 AND 2),
    state labels.state NOT NULL DEFAULT 'draft',
    started_at timestamptz NOT NULL,
    submitted_at timestamptz,
    closed_at timestamptz,
    history_no integer NOT NULL,
    history_digest bytea NOT NULL,
    FOREIGN KEY (programme, criteria_version) REFERENCES labels.criteria_set (programme, version),
    FOREIGN KEY (programme, procedure_version) REFERENCES labels.procedure (programme, version),
    CONSTRAINT closed_when_decided CHECK ((state = 'decided') = (closed_at IS NOT NULL)),
    CONSTRAINT submitted_when_not_a_draft CHECK ((state = 'draft') = (submitted_at IS NULL))
);
CREATE INDEX dossier_of_municipality ON labels.dossier (refnis, programme);
CREATE UNIQUE INDEX one_open_dossier ON labels.dossier (programme, refnis) WHERE state <> 'decided';
CREATE INDEX dossier_under_way ON labels.dossier (submitted_at) WHERE state IN ('submitted', 'question', 'assessed');
CREATE INDEX dossier_closed ON labels.dossier (closed_at) WHERE state = 'decided';

-- What the municipality says, and next to it what the assessor found: neither ever replaces the other.
CREATE TABLE labels.claim (
    dossier_id uuid NOT NULL REFERENCES labels.dossier,
    code text NOT NULL,
    figure bigint NOT NULL CHECK (figure >= 0),
    proof text NOT NULL,
    by_staff uuid NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (dossier_id, code)
);
-- No figure: it could not be established, which is never a no.
CREATE TABLE labels.finding (
    dossier_id uuid NOT NULL REFERENCES labels.dossier,
    code text NOT NULL,
    figure bigint CHECK (figure >= 0),
    ground text NOT NULL CONSTRAINT a_finding_has_a_ground CHECK (ground <> ''),
    by_staff uuid NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (dossier_id, code)
);

CREATE TABLE labels.decision (
    id uuid PRIMARY KEY,
    dossier_id uuid NOT NULL REFERENCES labels.dossier,
    kind labels.kind NOT NULL,
    ruling text NOT NULL CHECK (ruling IN ('granted', 'refused', 'withdrawn')),
    computed text NOT NULL CHECK (computed IN ('met', 'not_met', 'cannot_decide')),
    reasons text NOT NULL CHECK (reasons <> ''),
    deviation text NOT NULL,
    by_staff uuid NOT NULL,
    at timestamptz NOT NULL,
    notified_on date NOT NULL,
    body text NOT NULL,
    mandate text NOT NULL,
    appeal text NOT NULL,
    CONSTRAINT a_deviation_says_why CHECK (
        (ruling, computed) IN (('granted', 'met'), ('refused', 'not_met')) OR ruling = 'withdrawn' OR deviation <> ''
    )
);
CREATE UNIQUE INDEX decided_once ON labels.decision (dossier_id, kind) WHERE ruling <> 'withdrawn';
CREATE UNIQUE INDEX withdrawn_once ON labels.decision (dossier_id, kind) WHERE ruling = 'withdrawn';

-- The public register reads this table and nothing else. A withdrawal sets one column.
CREATE SEQUENCE labels.award_number;
CREATE TABLE labels.award (
    decision_id uuid PRIMARY KEY REFERENCES labels.decision,
    dossier_id uuid NOT NULL REFERENCES labels.dossier,
    programme text NOT NULL REFERENCES labels.programme,
    refnis text NOT NULL REFERENCES uit.municipality,
    kind labels.kind NOT NULL,
    number text NOT NULL UNIQUE,
    starts_on date NOT NULL,
    ends_on date NOT NULL CHECK (ends_on >= starts_on),
    withdrawn_on date CHECK (withdrawn_on >= starts_on),
    UNIQUE (dossier_id, kind),
    CONSTRAINT one_award_at_a_time EXCLUDE USING gist (
        programme WITH =, refnis WITH =, kind WITH =,
        daterange(starts_on, least(withdrawn_on, ends_on + 1)) WITH &&
    )
);
CREATE INDEX award_in_register ON labels.award (refnis, kind);

-- What happened to a dossier, in order; each row holds the digest of the one before it. Never changed.
CREATE TABLE labels.history (
    dossier_id uuid NOT NULL REFERENCES labels.dossier,
    no integer NOT NULL,
    at timestamptz NOT NULL,
    by_staff uuid NOT NULL,
    role text NOT NULL,
    act text NOT NULL,
    reason text NOT NULL,
    facts text NOT NULL,
    state labels.state NOT NULL,
    previous bytea NOT NULL,
    digest bytea NOT NULL,
    PRIMARY KEY (dossier_id, no)
);

GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA labels TO uit_app;
GRANT USAGE ON SEQUENCE labels.award_number TO uit_app;
GRANT UPDATE (adopted_by, adopted_at) ON labels.criteria_set TO uit_app;
GRANT UPDATE (kinds, state, submitted_at, closed_at, history_no, history_digest) ON labels.dossier TO uit_app;
GRANT UPDATE ON labels.claim, labels.finding TO uit_app;
GRANT UPDATE (withdrawn_on) ON labels.award TO uit_app;

INSERT INTO uit.retention (table_name, class, since) VALUES
    ('labels.programme', 'reference', NULL), ('labels.procedure', 'reference', NULL),
    ('labels.criteria_set', 'reference', NULL), ('labels.criterion', 'reference', NULL),
    ('labels.dossier', 'dossier', NULL), ('labels.claim', 'dossier', NULL),
    ('labels.finding', 'dossier', NULL), ('labels.decision', 'dossier', NULL),
    ('labels.award', 'dossier', NULL), ('labels.history', 'dossier', NULL);
