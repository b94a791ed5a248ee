-- name: lock_conditions
-- After all that the batch locks: whoever counts for one of these waits until the last count is written.
SELECT FROM reservations.tariff_condition AS c
WHERE c.region_id = $1 AND c.event_id IN (
    SELECT s.event_id FROM reservations.session AS s WHERE s.region_id = $1 AND s.id = ANY ($2)
)
ORDER BY c.event_id, c.code
FOR NO KEY UPDATE OF c;

-- name: read_households
-- Who lives with these members on a day, themselves too.
SELECT DISTINCT other.household_id, other.membership_id
FROM passes.household_member AS own
JOIN passes.household_member AS other ON other.region_id = $1 AND other.household_id = own.household_id
    AND other.starts_on <= $3 AND (other.ends_on IS NULL OR other.ends_on >= $3)
WHERE own.region_id = $1 AND own.membership_id = ANY ($2)
    AND own.starts_on <= $3 AND (own.ends_on IS NULL OR own.ends_on >= $3);

-- name: read_counted_lines
-- What members ($4), guests by their addresses ($5) and these bookings ($6) have of these dates at these prices.
SELECT l.session_id, l.tariff_code AS tariff, l.booking_id, l.no::integer AS line_no, l.holder_id, lower(g.email) AS address,
    (count(*) FILTER (WHERE k.status IN ('held', 'confirmed', 'attended', 'no_show')))::integer AS places
FROM reservations.ticket AS k
JOIN reservations.line AS l ON l.region_id = $1 AND l.booking_id = k.booking_id AND l.no = k.line_no
LEFT JOIN reservations.contact AS g ON g.region_id = $1 AND g.booking_id = l.booking_id
WHERE k.region_id = $1 AND k.session_id = ANY ($2) AND l.tariff_code = ANY ($3)
    AND (l.holder_id = ANY ($4) OR lower(g.email) = ANY ($5) OR l.booking_id = ANY ($6))
GROUP BY l.session_id, l.tariff_code, l.booking_id, l.no, l.holder_id, g.email;

-- name: read_code_uses
SELECT s.id AS session_id, c.code AS tariff, s.event_id, (
    SELECT count(*)
    FROM reservations.session AS d
    JOIN reservations.ticket AS k ON k.region_id = $1 AND k.session_id = d.id
        AND k.status IN ('held', 'confirmed', 'attended', 'no_show')
    JOIN reservations.line AS l ON l.region_id = $1 AND l.booking_id = k.booking_id AND l.no = k.line_no
        AND l.tariff_code = c.code
    WHERE d.region_id = $1 AND d.event_id = s.event_id
)::integer AS tickets
FROM reservations.session AS s
JOIN reservations.tariff_condition AS c ON c.region_id = $1 AND c.event_id = s.event_id AND c.code_uses IS NOT NULL
WHERE s.region_id = $1 AND s.id = ANY ($2);
