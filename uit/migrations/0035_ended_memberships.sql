-- Why a membership ended, so that a clerk can take it back who sees why; with it ends what the person has of ours.
ALTER TABLE passes.membership
    ADD COLUMN ended_why text,
    ADD CONSTRAINT an_end_has_a_known_reason CHECK (ended_why IN ('died', 'moved', 'asked', 'over')) NOT VALID;
-- Quick to build: a membership that has a last day is rare. The worker ends those of which it is past.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX IF NOT EXISTS membership_to_end ON passes.membership (ends_on, region_id)
    WHERE ends_on IS NOT NULL AND status <> 'ended';
INSERT INTO uit.unreported (table_name, column_name, reason)
VALUES ('passes.membership', 'ended_why', 'Why somebody left.') ON CONFLICT DO NOTHING;
