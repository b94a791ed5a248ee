-- Settling a backlog looks up what it settles by key. A plan is kept: one of a join, made while nothing was resolved yet, went on
-- reading all that was resolved meanwhile, for each hold. Subqueries leave no other way than the key, whatever there is.

-- Those of these holds that nothing resolved, each with the entity in whose books it is.
CREATE FUNCTION credits.unresolved_holds(p_region integer, p_ids uuid[])
RETURNS TABLE (id uuid, amount_cents bigint, payee_id uuid, legal_entity_id uuid)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
BEGIN
    RETURN QUERY SELECT h.id, h.amount_cents, h.payee_id, (
        SELECT a.legal_entity_id FROM credits.account AS a WHERE a.region_id = p_region AND a.id = h.credit_id
    )
    FROM credits.transfer AS h
    WHERE h.region_id = p_region AND h.id = ANY (p_ids) AND h.kind = 'hold' AND (
        SELECT r.hold_id FROM credits.resolution AS r WHERE r.region_id = p_region AND r.hold_id = h.id
    ) IS NULL;
END $$;

-- A group enters a waiting room too: one entry for its pass. What was there is of a member or of an address, as before.
ALTER TABLE reservations.queue_entry
    ADD COLUMN group_id uuid,
    -- squawk-ignore ban-drop-constraint -- the same rule with one case more
    DROP CONSTRAINT an_entry_is_of_a_pass_or_an_address,
    ADD CONSTRAINT an_entry_is_of_a_pass_or_an_address CHECK (num_nonnulls(membership_id, group_id, email) = 1) NOT VALID,
    ADD CONSTRAINT an_entry_is_of_a_group_that_is_there
    FOREIGN KEY (region_id, group_id) REFERENCES passes.group_pass (region_id, id) ON DELETE CASCADE NOT VALID;
-- squawk-ignore require-concurrent-index-creation -- few wait at a moment, and no room opens while a version is landed
CREATE UNIQUE INDEX one_entry_a_group ON reservations.queue_entry (region_id, session_id, group_id) WHERE group_id IS NOT NULL;
-- squawk-ignore require-concurrent-index-creation -- the same
CREATE INDEX queue_entry_of_group ON reservations.queue_entry (region_id, group_id) WHERE group_id IS NOT NULL;
