-- Why a membership ended, so that a clerk can take it back who sees why; with it ends what the person has of ours.
ALTER TABLE passes.membership
    ADD COLUMN ended_why text,
    ADD CONSTRAINT an_end_has_a_known_reason CHECK (ended_why IN ('died', 'moved', 'asked', 'over')) NOT VALID;
INSERT INTO uit.unreported (table_name, column_name, reason)
VALUES ('passes.membership', 'ended_why', 'Why somebody left.') ON CONFLICT DO NOTHING;
