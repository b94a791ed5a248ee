-- name: is_in_household
SELECT EXISTS (
    SELECT 1 FROM passes.household_member
    WHERE region_id = $1 AND household_id = $2 AND membership_id = $3 AND (ends_on IS NULL OR ends_on > $4)
);

-- name: insert_member
-- Who left comes back on the same day too.
INSERT INTO passes.household_member (region_id, household_id, membership_id, starts_on, role)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (region_id, household_id, membership_id, starts_on) DO UPDATE SET ends_on = NULL, role = excluded.role;

-- name: end_member
-- The day of leaving is the first on which they are no member.
UPDATE passes.household_member SET ends_on = $4
WHERE region_id = $1 AND household_id = $2 AND membership_id = $3 AND (ends_on IS NULL OR ends_on > $4);
