-- name: find_due_years
-- Of each legal entity the last year that is over for $2 years, that was archived, and before which every closed year was.
SELECT y.region_id, y.legal_entity_id, max(y.year) AS year
FROM credits.year_close AS y
WHERE y.archived_at IS NOT NULL AND y.erased_at IS NULL
    AND credits.year_end(y.year) + make_interval(years => $2) <= $1
    AND NOT EXISTS (
        SELECT 1 FROM credits.year_close AS b
        WHERE b.region_id = y.region_id AND b.legal_entity_id = y.legal_entity_id AND b.year < y.year AND b.archived_at IS NULL
    )
GROUP BY y.region_id, y.legal_entity_id
ORDER BY y.region_id, y.legal_entity_id;

-- name: erase_year
SELECT credits.erase_year($1, $2, $3, $4);
