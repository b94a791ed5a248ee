-- name: select_known
-- What was postponed is not over when its old end has passed.
-- `kept`: places that are held back for a date of which nobody knows what became, or whose people come here after all, and
-- what is set apart for channels.
-- A date that was added here has no name at its source: see HERE.
SELECT coalesce(f.foreign_id, 'here#' || s.id::text) AS foreign_id, s.event_id, s.starts_at, s.ends_at, s.status::text, s.decided_here,
    EXISTS (
        SELECT 1 FROM reservations.task AS t WHERE t.region_id = $1 AND t.session_id = s.id AND t.decision IS NULL
    ) AS asked,
    coalesce((
        SELECT sum((t.held ->> p.id::text)::integer)::integer
        FROM reservations.session AS o
        JOIN reservations.task AS t ON t.region_id = $1 AND t.session_id = o.id
        WHERE o.region_id = $1 AND o.event_id = s.event_id AND t.held ? p.id::text
    ), 0) + coalesce((
        SELECT sum(greatest(a.capacity - a.taken, 0))::integer FROM reservations.pool AS a
        WHERE a.region_id = $1 AND a.parent_id = p.id AND a.kind = 'allotment'
    ), 0) AS kept,
    p.id, p.licensed_capacity, p.capacity, p.taken, p.held,
    g.unavailable AS figure_unavailable, g.taken AS figure_taken, g.elsewhere AS figure_elsewhere,
    g.counting::text AS figure_counting
FROM reservations.session AS s
LEFT JOIN uit.foreign_id AS f
    ON f.region_id = $1 AND f.owner = s.id AND f.kind = 'session' AND f.source = $2
JOIN reservations.pool AS p ON p.region_id = $1 AND p.id = s.id
LEFT JOIN reservations.source_figure AS g ON g.region_id = $1 AND g.session_id = s.id
WHERE s.region_id = $1 AND s.event_id = ANY ($3)
    AND (f.foreign_id = ANY ($4) OR s.ends_at > $5 OR s.status = 'postponed')
ORDER BY s.starts_at, s.id;

-- name: lock_pools
-- In the order in which bookings lock them; what they hold is read in a later statement.
SELECT FROM reservations.pool WHERE region_id = $1 AND id = ANY ($2) ORDER BY id FOR NO KEY UPDATE;

-- name: upsert_pools
INSERT INTO reservations.pool (region_id, id, name, licensed_capacity, capacity, held)
SELECT $1, r.id, 'Plaatsen', r.licensed_capacity, r.capacity, r.held
FROM json_to_recordset($2) AS r (id uuid, licensed_capacity integer, capacity integer, held integer)
ON CONFLICT (region_id, id) DO UPDATE
SET licensed_capacity = excluded.licensed_capacity, capacity = excluded.capacity, held = excluded.held;

-- name: upsert_sessions
-- A known session keeps its start, and its status except for where it is sold: the verbs change those. Its end and its sale
-- are its source's, unless a desk decided. Until when a booking can be cancelled was promised: it stays. Whether one is there or
-- online is as its event has it, which an organiser may say here.
INSERT INTO reservations.session AS known
    (region_id, id, event_id, organiser_id, domain, attendance, starts_at, ends_at, sale_opens_at, sale_closes_at,
     cancel_until, status, status_reason, pool_ids, due_at, changed_at)
SELECT $1, r.id, r.event_id, r.organiser_id, r.domain, e.attendance, r.starts_at, r.ends_at, r.sale_opens_at,
    r.sale_closes_at, r.cancel_until, r.status, r.status_reason, ARRAY[r.id],
    CASE WHEN r.status IN ('scheduled', 'sold_elsewhere') THEN least(r.cancel_until, r.starts_at) END, $3
FROM json_to_recordset($2) AS r (
    id uuid, event_id uuid, organiser_id uuid, domain organisers.domain, starts_at timestamptz, ends_at timestamptz,
    sale_opens_at timestamptz, sale_closes_at timestamptz, cancel_until timestamptz, status reservations.session_status,
    status_reason text
)
JOIN organisers.event AS e ON e.region_id = $1 AND e.id = r.event_id
ON CONFLICT (region_id, id) DO UPDATE
SET organiser_id = excluded.organiser_id, domain = excluded.domain, attendance = excluded.attendance,
    ends_at = CASE WHEN known.decided_here THEN known.ends_at ELSE excluded.ends_at END,
    sale_opens_at = excluded.sale_opens_at,
    sale_closes_at = CASE WHEN known.decided_here THEN known.sale_closes_at ELSE excluded.sale_closes_at END,
    status = CASE
        WHEN known.status IN ('scheduled', 'sold_elsewhere') AND excluded.status IN ('scheduled', 'sold_elsewhere')
        THEN excluded.status ELSE known.status
    END,
    status_reason = CASE WHEN known.status = excluded.status THEN excluded.status_reason ELSE known.status_reason END,
    changed_at = excluded.changed_at;

-- name: upsert_figures
INSERT INTO reservations.source_figure (region_id, session_id, unavailable, taken, elsewhere, counting)
SELECT $1, r.session_id, r.unavailable, r.taken, r.elsewhere, r.counting
FROM json_to_recordset($2) AS r (
    session_id uuid, unavailable integer, taken integer, elsewhere integer, counting organisers.counting
)
ON CONFLICT (region_id, session_id) DO UPDATE
SET unavailable = excluded.unavailable, taken = excluded.taken, elsewhere = excluded.elsewhere, counting = excluded.counting;

-- name: set_periods
-- Nobody booked these, so nobody is told.
UPDATE reservations.session AS s
SET starts_at = r.starts_at, ends_at = r.ends_at, sale_closes_at = r.sale_closes_at, cancel_until = r.cancel_until,
    due_at = CASE WHEN s.status IN ('scheduled', 'sold_elsewhere') THEN least(r.cancel_until, r.starts_at) ELSE s.due_at END,
    changed_at = $3
FROM json_to_recordset($2) AS r (
    id uuid, starts_at timestamptz, ends_at timestamptz, sale_closes_at timestamptz, cancel_until timestamptz
)
WHERE s.region_id = $1 AND s.id = r.id AND NOT s.decided_here;

-- name: end_tariffs
-- What is no longer a price is not sold any more, and nobody is asked about it; who booked it keeps it.
UPDATE reservations.tariff AS t SET active = false, waits = false
FROM reservations.session AS s
WHERE s.region_id = $1 AND s.id = ANY ($2) AND t.region_id = $1 AND t.session_id = s.id
    AND (t.active OR t.waits)
    AND NOT EXISTS (
        SELECT 1 FROM json_to_recordset($3) AS r (event_id uuid, code text)
        WHERE r.event_id = s.event_id AND r.code = t.code
    );

-- name: upsert_tariffs
-- What the organiser said of a tariff holds; what they did not say of one that waits keeps it unsold.
INSERT INTO reservations.tariff AS known
    (region_id, session_id, code, name, price_cents, eligibility, pool_ids, rank, weight, least, age_from, age_to,
     born_from, born_to, active, waits)
SELECT $1, s.id, r.code, r.name, r.price_cents, r.eligibility,
    s.id || ARRAY(
        SELECT p.id FROM reservations.pool AS p
        WHERE p.region_id = $1 AND p.id = ANY (s.pool_ids) AND p.kind = 'shared'
    ), r.rank,
    coalesce(said.weight, r.weight), coalesce(said.least, r.least),
    CASE WHEN said.is_sold THEN said.age_from ELSE r.age_from END,
    CASE WHEN said.is_sold THEN said.age_to ELSE r.age_to END,
    r.born_from, r.born_to, coalesce(said.is_sold, NOT r.waits), NOT coalesce(said.is_sold, NOT r.waits)
FROM json_to_recordset($3) AS r (
    event_id uuid, code text, name text, price_cents integer, eligibility reservations.eligibility, rank smallint,
    weight smallint, least smallint, age_from smallint, age_to smallint, born_from date, born_to date, waits boolean
)
JOIN reservations.session AS s ON s.region_id = $1 AND s.event_id = r.event_id AND s.id = ANY ($2)
LEFT JOIN reservations.tariff_rule AS said
    ON said.region_id = $1 AND said.event_id = r.event_id AND said.code = r.code
ON CONFLICT (region_id, session_id, code) DO UPDATE
SET name = excluded.name, price_cents = excluded.price_cents, eligibility = excluded.eligibility,
    rank = excluded.rank, weight = excluded.weight, least = excluded.least, age_from = excluded.age_from,
    age_to = excluded.age_to, born_from = excluded.born_from, born_to = excluded.born_to,
    active = excluded.active, waits = excluded.waits
WHERE (known.name, known.price_cents, known.eligibility, known.rank, known.weight, known.least, known.age_from,
        known.age_to, known.born_from, known.born_to, known.active, known.waits)
    IS DISTINCT FROM (excluded.name, excluded.price_cents, excluded.eligibility, excluded.rank, excluded.weight,
        excluded.least, excluded.age_from, excluded.age_to, excluded.born_from, excluded.born_to, excluded.active,
        excluded.waits);
