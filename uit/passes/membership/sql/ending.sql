-- name: end_membership
-- One that has a last day before keeps it, and one that is still to come is kept beside.
UPDATE passes.membership
SET status = 'ended', ends_on = least(ends_on, $3::date), given_until = ends_on, ended_why = $4
WHERE region_id = $1 AND id = $2 AND status <> 'ended';

-- name: block_cards
UPDATE passes.card SET state = 'blocked', ended_at = $3 WHERE region_id = $1 AND membership_id = $2 AND state = 'active';

-- name: resume_membership
-- It counts as used, so that the rule for what is not used does not end it again. A last day that went by meanwhile becomes today.
UPDATE passes.membership
SET status = 'active', ends_on = CASE WHEN given_until < $3 THEN $3 ELSE given_until END, given_until = NULL, ended_why = NULL, used_on = $3, warned_on = NULL,
    erase_on = NULL, erase_asked_for = NULL, moves_away = false
WHERE region_id = $1 AND id = $2 AND status = 'ended';

-- name: write_last_day
-- One that is over by its last day runs again.
UPDATE passes.membership
SET status = CASE WHEN status = 'ended' THEN 'active' ELSE status END, ends_on = $3, given_until = NULL, ended_why = NULL,
    erase_on = NULL, moves_away = moves_away AND $3::date IS NOT NULL
WHERE region_id = $1 AND id = $2 AND (status <> 'ended' OR ended_why = 'over');

-- name: write_erase_on
UPDATE passes.membership SET erase_on = $3 WHERE region_id = $1 AND id = $2 AND erase_on IS NULL;

-- name: find_over
-- The memberships of all regions of which the last day is past, or whose person died as another region wrote down, and that
-- nothing ended yet.
SELECT region_id, id, bool_or(has_died) AS has_died
FROM (
    SELECT region_id, id, false AS has_died FROM passes.membership WHERE ends_on < $1 AND status <> 'ended'
    UNION ALL
    SELECT m.region_id, m.id, true
    FROM identity.person AS p
    JOIN passes.membership AS m ON m.person_id = p.id AND m.status <> 'ended'
    WHERE p.died_on IS NOT NULL
) AS due
GROUP BY region_id, id
ORDER BY region_id, id
LIMIT $2;
