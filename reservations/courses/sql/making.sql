-- name: organiser_of
SELECT organiser_id FROM reservations.session WHERE region_id = $1 AND id = $2;

-- name: lock_course
SELECT c.event_id, c.ended_at FROM reservations.course AS c
WHERE c.region_id = $1 AND c.id = $2 AND c.organiser_id = $3
FOR NO KEY UPDATE;

-- name: find_course
-- Also one that is not sold any more, or of another activity.
SELECT id FROM reservations.course WHERE region_id = $1 AND id = $2;

-- name: read_dates
-- The dates of an activity that are to come, and those of course $3, also where they are behind; each with the course that it is of.
SELECT s.id, s.starts_at, s.ends_at, s.status::text, d.course_id
FROM reservations.session AS s
LEFT JOIN reservations.course_date AS d ON d.region_id = $1 AND d.session_id = s.id
WHERE s.region_id = $1 AND s.event_id = $2 AND (s.ends_at > $4 AND s.status <> 'cancelled' OR d.course_id = $3)
ORDER BY s.starts_at, s.id;

-- name: read_prices
-- What the dates of an activity that are to come are sold at; of a price that differs, the lowest.
SELECT t.code, min(t.name) AS name, min(t.price_cents) AS price_cents,
    bool_or(t.eligibility = 'social') AS is_social
FROM reservations.session AS s
JOIN reservations.tariff AS t ON t.region_id = $1 AND t.session_id = s.id AND t.active
WHERE s.region_id = $1 AND s.event_id = $2 AND s.ends_at > $3
GROUP BY t.code
ORDER BY min(t.rank), t.code;

-- name: read_courses
-- The courses of an activity that are sold, and how many places were enrolled for in each and still stand.
SELECT c.id, c.name, c.choice_least::integer, c.late, c.late_until, c.leaving, c.name_translations::text AS names, (
    SELECT count(DISTINCT (k.booking_id, e.no, k.no)) FROM reservations.enrolment AS e
    JOIN reservations.ticket AS k ON k.region_id = $1 AND k.booking_id = e.booking_id AND k.line_no = ANY (e.line_nos)
        AND k.status IN ('held', 'confirmed', 'attended', 'no_show')
    WHERE e.region_id = $1 AND e.course_id = c.id
)::integer AS enrolled
FROM reservations.course AS c
WHERE c.region_id = $1 AND c.event_id = $2 AND c.ended_at IS NULL
ORDER BY c.made_at, c.id;

-- name: read_courses_of
-- What an organiser sells together, the soonest date first: how many dates are to come after $3, and the places enrolled that stand.
SELECT c.id, c.event_id, c.name, e.name AS event, coming.dates, coming.starts_at, (
    SELECT count(DISTINCT (k.booking_id, n.no, k.no)) FROM reservations.enrolment AS n
    JOIN reservations.ticket AS k ON k.region_id = $1 AND k.booking_id = n.booking_id AND k.line_no = ANY (n.line_nos)
        AND k.status IN ('held', 'confirmed', 'attended', 'no_show')
    WHERE n.region_id = $1 AND n.course_id = c.id
)::integer AS enrolled
FROM reservations.course AS c
JOIN organisers.event AS e ON e.region_id = $1 AND e.id = c.event_id
CROSS JOIN LATERAL (
    SELECT count(*)::integer AS dates, min(s.starts_at) AS starts_at FROM reservations.course_date AS d
    JOIN reservations.session AS s ON s.region_id = $1 AND s.id = d.session_id
    WHERE d.region_id = $1 AND d.course_id = c.id AND s.ends_at > $3 AND s.status <> 'cancelled'
) AS coming
WHERE c.region_id = $1 AND c.organiser_id = $2 AND c.ended_at IS NULL AND coming.dates > 0
ORDER BY coming.starts_at, c.name, c.id
LIMIT 200;

-- name: read_course_prices
SELECT p.tariff_code AS tariff, p.dates::integer, p.price_cents, p.course_id
FROM reservations.course_price AS p
WHERE p.region_id = $1 AND p.course_id = ANY ($2)
ORDER BY p.course_id, p.tariff_code, p.dates DESC;

-- name: put_course
-- Whether it was new: `xmax` is that of a row that was there. No row where this id is of another activity, or is not sold any more.
INSERT INTO reservations.course (
    region_id, id, event_id, organiser_id, name, choice_least, late, late_until, leaving, made_at, name_translations
) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (region_id, id) DO UPDATE
SET name = excluded.name, name_translations = excluded.name_translations, choice_least = excluded.choice_least, late = excluded.late, late_until = excluded.late_until,
    leaving = excluded.leaving
WHERE course.event_id = excluded.event_id AND course.organiser_id = excluded.organiser_id AND course.ended_at IS NULL
RETURNING xmax = 0 AS is_new;

-- name: take_dates_out
DELETE FROM reservations.course_date WHERE region_id = $1 AND course_id = $2;

-- name: put_dates
INSERT INTO reservations.course_date (region_id, session_id, course_id) SELECT $1, d.id, $2 FROM unnest($3::uuid[]) AS d (id);

-- name: take_prices_out
DELETE FROM reservations.course_price WHERE region_id = $1 AND course_id = $2;

-- name: put_prices
INSERT INTO reservations.course_price (region_id, course_id, tariff_code, dates, price_cents)
SELECT $1, $2, p.tariff, p.dates, p.price_cents
FROM json_to_recordset($3::json) AS p (tariff text, dates smallint, price_cents integer);

-- name: end_course
UPDATE reservations.course SET ended_at = $3 WHERE region_id = $1 AND id = $2 AND ended_at IS NULL RETURNING id;
