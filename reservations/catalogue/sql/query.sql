-- name: fold
SELECT uit.fold($1);

-- name: words_inside
-- The shortest come first: they are closest to what was typed.
SELECT asked.word AS asked, found.word
FROM unnest($2::text[]) AS asked (word)
CROSS JOIN LATERAL (
    SELECT w.word FROM reservations.search_word AS w
    WHERE w.region_id = $1 AND w.word LIKE '%' || asked.word || '%'
    ORDER BY length(w.word), w.word
    LIMIT $3
) AS found;

-- name: words_near
-- The nearest words, all at one distance; `$3` is the most letters that may differ. What is long may also be the start of a
-- word that begins with the same letter: `teather` of `theatervoorstelling`.
SELECT asked.word AS asked, found.word
FROM unnest($2::text[], $3::integer[]) AS asked (word, most)
CROSS JOIN LATERAL (
    SELECT near.word FROM (
        SELECT w.word, public.levenshtein_less_equal(w.word, asked.word, asked.most) AS distance
        FROM reservations.search_word AS w
        WHERE w.region_id = $1 AND w.word <> asked.word
            AND length(w.word) BETWEEN length(asked.word) - asked.most AND length(asked.word) + asked.most
        UNION ALL
        SELECT w.word, public.levenshtein_less_equal(left(w.word, length(asked.word)), asked.word, asked.most)
        FROM reservations.search_word AS w
        WHERE w.region_id = $1 AND w.word >= left(asked.word, 1) AND w.word < left(asked.word, 1) || chr(1114111)
            AND asked.most > 1 AND length(w.word) > length(asked.word) + asked.most
            AND NOT starts_with(w.word, asked.word)
    ) AS near
    WHERE near.distance <= asked.most
    ORDER BY near.distance
    FETCH FIRST ROW WITH TIES
) AS found;

-- name: events_with
SELECT coalesce(array_agg(found), '{}') FROM reservations.events_with($1, $2, $3) AS found;
