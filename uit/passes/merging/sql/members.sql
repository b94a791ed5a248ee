-- name: lock_pair
-- Whatever is decided about somebody's cards is decided under this lock. In order, so that two merges never wait for each other.
SELECT FROM passes.membership WHERE region_id = $1 AND id = ANY ($2) ORDER BY id FOR NO KEY UPDATE;

-- name: memberships_of
-- In every region, through the directory of regions, of which there are few.
SELECT r.id AS region_id, m.id
FROM uit.region AS r
JOIN passes.membership AS m ON m.region_id = r.id AND m.person_id = $1
ORDER BY r.id;

-- name: read_before
SELECT k.social_until AS kept_social_until, k.refnis AS kept_refnis, g.status::text AS gone_status, g.ends_on AS gone_ends_on,
    g.given_until AS gone_given_until, g.ended_why AS gone_ended_why, g.erase_on AS gone_erase_on
FROM passes.membership AS k
JOIN passes.membership AS g ON g.region_id = $1 AND g.id = $3
WHERE k.region_id = $1 AND k.id = $2;

-- name: move_membership
-- Of a region where only one of both is a member.
UPDATE passes.membership SET person_id = $3 WHERE region_id = $1 AND id = $2;

-- name: move_cards
UPDATE passes.card SET membership_id = $3 WHERE region_id = $1 AND membership_id = $2 RETURNING id;

-- name: move_cards_back
UPDATE passes.card SET membership_id = $3 WHERE region_id = $1 AND membership_id = $2 AND id = ANY ($4);

-- name: move_decisions
-- Who stays can still ask to look at them again. `$4`: which of them; null is all.
UPDATE passes.decision SET membership_id = $3
WHERE region_id = $1 AND membership_id = $2 AND ($4::uuid[] IS NULL OR id = ANY ($4))
RETURNING id;

-- name: move_provisional
UPDATE passes.provisional_right SET membership_id = $3
WHERE region_id = $1 AND membership_id = $2 AND ($4::uuid[] IS NULL OR id = ANY ($4))
RETURNING id;

-- name: end_doubled_household
-- Where both are in a household now, one of them leaves it. `detail`: since when they were in it.
UPDATE passes.household_member AS h SET ends_on = $4
FROM passes.household_member AS o
WHERE h.region_id = $1 AND h.membership_id = $2 AND (h.ends_on IS NULL OR h.ends_on > $4)
    AND o.region_id = $1 AND o.household_id = h.household_id AND o.membership_id = $3
    AND (o.ends_on IS NULL OR o.ends_on > $4)
RETURNING h.household_id AS id, h.starts_on;

-- name: move_households
-- But for those in which the one that stays began the same day.
UPDATE passes.household_member AS h SET membership_id = $3
WHERE h.region_id = $1 AND h.membership_id = $2 AND (h.ends_on IS NULL OR h.ends_on > $4)
    AND NOT EXISTS (
        SELECT 1 FROM passes.household_member AS o
        WHERE o.region_id = $1 AND o.household_id = h.household_id AND o.membership_id = $3 AND o.starts_on = h.starts_on
    )
RETURNING h.household_id AS id, h.starts_on;

-- name: move_households_back
UPDATE passes.household_member AS h SET membership_id = $3
FROM unnest($4::uuid[], $5::text[]) AS k (id, since)
WHERE h.region_id = $1 AND h.membership_id = $2 AND h.household_id = k.id AND h.starts_on::text = k.since;

-- name: resume_households
UPDATE passes.household_member AS h SET ends_on = NULL
FROM unnest($3::uuid[], $4::text[]) AS k (id, since)
WHERE h.region_id = $1 AND h.membership_id = $2 AND h.household_id = k.id AND h.starts_on::text = k.since;

-- name: write_merged
-- Erased when it cannot be undone any more; sooner for who asked for that.
UPDATE passes.membership
SET status = 'ended', ended_why = 'merged', ends_on = least(ends_on, $3::date), given_until = ends_on,
    erase_on = least(erase_on, $4::date), warned_on = NULL
WHERE region_id = $1 AND id = $2;

-- name: widen_kept
-- The social tariff of either.
UPDATE passes.membership AS k SET social_until = greatest(k.social_until, g.social_until)
FROM passes.membership AS g
WHERE k.region_id = $1 AND k.id = $2 AND g.region_id = $1 AND g.id = $3;

-- name: restore_gone
UPDATE passes.membership
SET status = $3::text::passes.membership_status, ends_on = $4, given_until = $5, ended_why = $6, erase_on = $7
WHERE region_id = $1 AND id = $2;

-- name: restore_kept
-- The social tariff is of before, unless another one was given since.
UPDATE passes.membership AS k
SET social_until = CASE WHEN k.social_until = g.social_until THEN $4::date ELSE k.social_until END
FROM passes.membership AS g
WHERE k.region_id = $1 AND k.id = $2 AND g.region_id = $1 AND g.id = $3;

-- name: set_town
-- The town of the address that was chosen: nobody moved.
UPDATE passes.membership SET refnis = $3 WHERE region_id = $1 AND id = $2;
