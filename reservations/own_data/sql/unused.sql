-- name: read_last_use
-- The last day on which a membership was used, $5 when it was not since that day. A booking of a date still to come counts until
-- that is over. What the worker did, and who only looked, do not count.
SELECT greatest((max(used.at) AT TIME ZONE 'Europe/Brussels')::date, $5::date)
FROM (
    SELECT max(issued_at) AS at FROM passes.card WHERE region_id = $1 AND membership_id = $2
    UNION ALL
    SELECT signed_in_on::timestamp AT TIME ZONE 'Europe/Brussels' FROM identity.person WHERE id = $3
    UNION ALL
    SELECT max(at) FROM uit.audit
    WHERE region_id = $1 AND subject_kind = 'person' AND subject_id = $4 AND actor_kind <> 'system'
        AND act NOT IN ('person.read', 'person.search', 'person.copy')
    UNION ALL
    SELECT max(t.at)
    FROM credits.purse AS g
    JOIN credits.transfer AS t ON t.region_id = $1 AND t.purse_id = g.id AND t.kind IN ('grant', 'hold')
    WHERE g.region_id = $1 AND g.wallet_id = $2
    UNION ALL
    SELECT max(greatest(b.made_at, k.attended_at, CASE WHEN k.status IN ('held', 'confirmed') THEN s.ends_at END))
    FROM reservations.line AS l
    JOIN reservations.booking AS b ON b.region_id = $1 AND b.id = l.booking_id
    JOIN reservations.session AS s ON s.region_id = $1 AND s.id = l.session_id
    JOIN reservations.ticket AS k ON k.region_id = $1 AND k.booking_id = l.booking_id AND k.line_no = l.no
    WHERE l.region_id = $1 AND l.holder_id = $2
) AS used;

-- name: find_reachable
SELECT coalesce(array_agg(id ORDER BY id), '{}') FROM identity.person
WHERE id = ANY ($1) AND ended_at IS NULL
    AND (email IS NOT NULL OR reached_by = 'sms' AND phone IS NOT NULL OR reached_by = 'letter');
