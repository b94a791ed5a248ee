-- name: read_counters
SELECT m.refnis, m.name
FROM uit.region_municipality AS r
JOIN uit.municipality AS m ON m.refnis = r.refnis
WHERE r.region_id = $1
ORDER BY m.name;

-- name: read_sellers_at_counters
-- The organisers that placed a till at a counter: of the municipalities $2, or where those are none of all the region.
SELECT o.id, o.name, count(*) AS tills
FROM credits.till AS t
JOIN organisers.organiser AS o ON o.region_id = $1 AND o.id = t.organiser_id
WHERE t.region_id = $1 AND t.counter_refnis IS NOT NULL
    AND (cardinality($2::text[]) = 0 OR t.counter_refnis = ANY ($2::text[]))
GROUP BY o.id, o.name
ORDER BY o.name, o.id;

-- name: place_till
UPDATE credits.till SET counter_refnis = $4 WHERE region_id = $1 AND organiser_id = $2 AND id = $3
    AND counter_refnis IS DISTINCT FROM $4;
