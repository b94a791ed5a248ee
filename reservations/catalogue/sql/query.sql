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
-- The nearest words, all at one distance; `$3` is the most letters that may differ.
SELECT asked.word AS asked, found.word
FROM unnest($2::text[], $3::integer[]) AS asked (word, most)
CROSS JOIN LATERAL (
    SELECT w.word FROM reservations.search_word AS w
    WHERE w.region_id = $1 AND w.word <> asked.word
        AND length(w.word) BETWEEN length(asked.word) - asked.most AND length(asked.word) + asked.most
        AND public.levenshtein_less_equal(w.word, asked.word, asked.most) <= asked.most
    ORDER BY public.levenshtein_less_equal(w.word, asked.word, asked.most)
    FETCH FIRST ROW WITH TIES
) AS found;

-- name: events_with
SELECT coalesce(array_agg(found), '{}') FROM reservations.events_with($1, $2, $3) AS found;
