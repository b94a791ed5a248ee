-- What a municipality typed in its dossier, field by field, before it is an answer. Each change is a version of its own, so
-- that two people in one dossier are told instead of overwritten; version 0 is what had been sent when the first change came,
-- by whom that change is. Gone when the dossier is submitted.
CREATE TABLE labels.draft_answer (
    dossier_id uuid NOT NULL REFERENCES labels.dossier,
    field text NOT NULL CHECK (field ~ '^[a-z][a-z0-9_]{1,50}$'),
    version integer NOT NULL CHECK (version >= 0),
    text text NOT NULL CHECK (length(text) <= 10000),
    by_staff uuid NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (dossier_id, field, version)
);
GRANT SELECT, INSERT, DELETE ON labels.draft_answer TO uit_app;
-- Before it is submitted, an answer can be taken back.
GRANT DELETE ON labels.claim TO uit_app;

-- The figure with what stands after its comma; none for a whole one. `figure` is then the whole part, for the version of uit
-- that only reads that; where the two do not go together, that version wrote after this one, and `figure` counts.
ALTER TABLE labels.claim ADD COLUMN exact numeric CHECK (exact >= 0);
ALTER TABLE labels.finding ADD COLUMN exact numeric CHECK (exact >= 0);

INSERT INTO uit.retention (table_name, class, since) VALUES ('labels.draft_answer', 'dossier', NULL);
