-- outside a transaction
-- squawk-ignore-file ban-concurrent-index-creation-in-transaction, ban-drop-constraint
-- It can be run again, so a constraint is dropped before it is made.
-- Two persons who are one, people who move, and municipalities that merge: see docs/decisions/0045-merging-moving-dying.md.
ALTER TABLE passes.membership
    DROP CONSTRAINT IF EXISTS an_end_has_a_known_reason,
    ADD CONSTRAINT an_end_has_a_known_reason
        CHECK (ended_why IN ('died', 'moved', 'asked', 'over', 'unused', 'merged')) NOT VALID;

-- That two members were made one, and until when that can be undone; then it is erased, and the trail alone knows it. Where
-- both were members of several regions there is a row in each. `before`: of both persons and of the membership that stays, what
-- the merge changed.
CREATE TABLE IF NOT EXISTS passes.merge (
    region_id integer NOT NULL REFERENCES uit.region,
    id uuid NOT NULL,
    led_by integer NOT NULL,
    kept_id uuid NOT NULL,
    gone_id uuid NOT NULL,
    kept_person_id uuid NOT NULL,
    gone_person_id uuid NOT NULL,
    merged_at timestamptz NOT NULL,
    undo_until timestamptz NOT NULL,
    undone_at timestamptz,
    before jsonb NOT NULL,
    PRIMARY KEY (region_id, id),
    CONSTRAINT nobody_merges_with_themselves CHECK (kept_id <> gone_id)
);
COMMENT ON COLUMN passes.merge.led_by IS 'The region where a clerk did it, and where it is undone.';
CREATE INDEX CONCURRENTLY IF NOT EXISTS merge_of_kept ON passes.merge (region_id, kept_id);
CREATE INDEX CONCURRENTLY IF NOT EXISTS merge_of_gone ON passes.merge (region_id, gone_id);

-- What a merge moved: a row for each thing, so that it goes back exactly. `detail` is what its key has besides `id`.
CREATE TABLE IF NOT EXISTS passes.merge_moved (
    region_id integer NOT NULL,
    merge_id uuid NOT NULL,
    what text NOT NULL CHECK (what IN (
        'card', 'household', 'household_ended', 'purse', 'line', 'booking', 'claim', 'membership',
        'represented', 'representing', 'asked_help', 'insz', 'foreign_id', 'history', 'decision', 'letter',
        'mandate', 'service', 'provisional'
    )),
    id uuid NOT NULL,
    detail text NOT NULL DEFAULT '',
    PRIMARY KEY (region_id, merge_id, what, id, detail)
);
GRANT SELECT, INSERT, UPDATE ON passes.merge TO uit_app;
GRANT SELECT, INSERT ON passes.merge_moved TO uit_app;
INSERT INTO uit.retention (table_name, class, since) VALUES
    ('passes.merge', 'passing', 'undo_until'), ('passes.merge_moved', 'passing', NULL)
ON CONFLICT DO NOTHING;
INSERT INTO uit.retention_follower (owner_name, table_name, column_name) VALUES
    ('passes.merge', 'passes.merge_moved', 'merge_id')
ON CONFLICT DO NOTHING;

-- A booking that a guest claimed goes along with who claimed it, and a history with whom it is of.
GRANT UPDATE ON reservations.claimed_booking TO uit_app;
GRANT UPDATE (person_id) ON identity.person_change TO uit_app;

-- Whose number of the national register it is, and by what others know somebody, also after they are one.
CREATE OR REPLACE FUNCTION uit.move_directory(p_kind uit.directory_kind, p_keys uuid[], p_from uuid, p_to uuid) RETURNS uuid[]
LANGUAGE plpgsql AS $$
DECLARE
    v_keys uuid[];
BEGIN
    WITH moved AS (
        UPDATE uit.directory SET owner = p_to
        WHERE kind = p_kind AND owner = p_from AND (p_keys IS NULL OR key = ANY (p_keys))
        RETURNING key
    )
    SELECT coalesce(array_agg(key), '{}') INTO v_keys FROM moved;
    RETURN v_keys;
END $$;
CREATE INDEX CONCURRENTLY IF NOT EXISTS directory_owner ON uit.directory (owner) WHERE kind = 'insz';

CREATE OR REPLACE FUNCTION uit.move_foreign_ids(p_region integer, p_ids text[], p_from uuid, p_to uuid) RETURNS text[]
LANGUAGE plpgsql AS $$
DECLARE
    v_ids text[];
BEGIN
    WITH moved AS (
        UPDATE uit.foreign_id SET owner = p_to
        WHERE region_id = p_region AND kind = 'person' AND owner = p_from
            AND (p_ids IS NULL OR source || ' ' || foreign_id = ANY (p_ids))
        RETURNING source, foreign_id
    )
    SELECT coalesce(array_agg(source || ' ' || foreign_id), '{}') INTO v_ids FROM moved;
    RETURN v_ids;
END $$;

-- What becomes of credit when its holder moves out of the area of its programme, and out of the region.
ALTER TABLE credits.programme_version
    ADD COLUMN IF NOT EXISTS on_moving text NOT NULL DEFAULT 'stop',
    ADD COLUMN IF NOT EXISTS on_leaving text NOT NULL DEFAULT 'keep',
    DROP CONSTRAINT IF EXISTS a_rule_for_moving_is_known,
    DROP CONSTRAINT IF EXISTS a_rule_for_leaving_is_known,
    ADD CONSTRAINT a_rule_for_moving_is_known CHECK (on_moving IN ('keep', 'stop', 'return')) NOT VALID,
    ADD CONSTRAINT a_rule_for_leaving_is_known CHECK (on_leaving IN ('keep', 'return')) NOT VALID;
COMMENT ON COLUMN credits.programme_version.on_moving IS
    'keep: still given until the end of the programme year; stop: what was given stays; return: what is left goes back to the fund.';
COMMENT ON COLUMN credits.programme_version.on_leaving IS
    'keep: spent until the last day of the membership; return: what is left goes back to the fund at once.';

-- Where a member lived before their last move inside the region, and that they leave it on their last day.
ALTER TABLE passes.membership
    ADD COLUMN IF NOT EXISTS came_from text,
    ADD COLUMN IF NOT EXISTS moved_on date,
    ADD COLUMN IF NOT EXISTS moves_away boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN passes.membership.moves_away IS 'Gets no more credit: what they have can be spent until the last day.';

-- Municipalities that became one: the old stays known, what was in it is in the new, and its public address leads there.
CREATE TABLE IF NOT EXISTS uit.municipality_merger (
    refnis text PRIMARY KEY REFERENCES uit.municipality,
    into_refnis text NOT NULL REFERENCES uit.municipality,
    merged_on date NOT NULL,
    CONSTRAINT no_municipality_merges_with_itself CHECK (refnis <> into_refnis)
);
CREATE INDEX CONCURRENTLY IF NOT EXISTS municipality_merger_into ON uit.municipality_merger (into_refnis);
GRANT SELECT, INSERT ON uit.municipality_merger TO uit_app;
GRANT DELETE ON uit.region_municipality TO uit_app;
INSERT INTO uit.retention (table_name, class, since) VALUES ('uit.municipality_merger', 'reference', NULL)
ON CONFLICT DO NOTHING;

-- Whose death is written down, of which the worker ends what is left in other regions.
CREATE INDEX CONCURRENTLY IF NOT EXISTS person_died ON identity.person (id) WHERE died_on IS NOT NULL;
