-- name: read_belongings
SELECT (
    SELECT count(*)::integer FROM passes.card WHERE region_id = $1 AND membership_id = $2 AND state = 'active'
) AS passes, (
    SELECT coalesce(sum(available_cents + held_cents), 0)::bigint FROM credits.purse WHERE region_id = $1 AND wallet_id = $2
) AS credit_cents, (
    SELECT count(DISTINCT booking_id)::integer FROM reservations.line WHERE region_id = $1 AND holder_id = $2
) AS bookings, (
    SELECT count(*)::integer FROM passes.household_member
    WHERE region_id = $1 AND membership_id = $2 AND (ends_on IS NULL OR ends_on > $3)
) AS households;
