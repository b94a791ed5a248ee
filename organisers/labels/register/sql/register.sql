-- name: read_labels
-- In the order of (refnis, kind), after the last that was seen.
SELECT a.refnis, m.name AS municipality, a.kind::text, a.number, a.starts_on AS valid_from, a.ends_on AS valid_until
FROM labels.award AS a
JOIN uit.municipality AS m ON m.refnis = a.refnis
WHERE $1::date BETWEEN a.starts_on AND a.ends_on AND (a.withdrawn_on IS NULL OR a.withdrawn_on > $1)
    AND ($2::text IS NULL OR a.kind::text = $2)
    AND (a.refnis, a.kind) > ($3, $4::text::labels.kind)
ORDER BY a.refnis, a.kind
LIMIT $5;

-- name: read_labelled_towns
-- A label of a municipality that went into another stands with that one, until it ends.
SELECT m.refnis, m.name, m.province, array_agg(DISTINCT a.kind::text ORDER BY a.kind::text) AS kinds, min(a.ends_on) AS valid_until
FROM labels.award AS a
LEFT JOIN uit.municipality_merger AS g ON g.refnis = a.refnis
JOIN uit.municipality AS m ON m.refnis = coalesce(g.into_refnis, a.refnis)
WHERE $1::date BETWEEN a.starts_on AND a.ends_on AND (a.withdrawn_on IS NULL OR a.withdrawn_on > $1)
    AND position(lower($3) IN lower(m.name)) > 0
    AND m.name > $4
GROUP BY m.refnis
HAVING $2::text IS NULL OR bool_or(a.kind::text = $2)
ORDER BY m.name
LIMIT $5;

-- name: read_town
SELECT refnis, name, province FROM uit.municipality WHERE refnis = $1;

-- name: read_labels_of_town
SELECT a.refnis, m.name AS municipality, a.kind::text, a.number, a.starts_on AS valid_from, a.ends_on AS valid_until
FROM labels.award AS a
JOIN uit.municipality AS m ON m.refnis = a.refnis
WHERE a.refnis IN (SELECT $2::text UNION SELECT refnis FROM uit.municipality_merger WHERE into_refnis = $2)
    AND $1::date BETWEEN a.starts_on AND a.ends_on AND (a.withdrawn_on IS NULL OR a.withdrawn_on > $1)
ORDER BY a.kind;

-- name: read_facts
-- The first figures of each label that the town has, in turn.
SELECT c.fact AS name, CASE WHEN trunc(f.exact) = f.figure THEN f.exact ELSE f.figure END AS figure, c.unit
FROM labels.award AS a
JOIN labels.dossier AS d ON d.id = a.dossier_id
JOIN labels.criterion AS c ON (c.programme, c.version, c.kind) = (d.programme, d.criteria_version, a.kind)
JOIN labels.finding AS f ON f.dossier_id = d.id AND f.code = c.code
WHERE a.refnis IN (SELECT $2::text UNION SELECT refnis FROM uit.municipality_merger WHERE into_refnis = $2)
    AND $1::date BETWEEN a.starts_on AND a.ends_on AND (a.withdrawn_on IS NULL OR a.withdrawn_on > $1)
    AND c.fact IS NOT NULL AND (f.figure > 0 OR f.exact > 0)
ORDER BY row_number() OVER (PARTITION BY a.kind ORDER BY c.position), a.kind
LIMIT $3;
