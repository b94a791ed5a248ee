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
-- The nearest words, all at one distance; `$3` is the most letters that may differ, and `$4` the letters that they may begin
-- with, so that most of a vocabulary is never compared: OFFSET keeps the plan from comparing first. What is long may also be
-- the start of a word: `teather` of `theatervoorstelling`.
SELECT asked.word AS asked, found.word
FROM unnest($2::text[], $3::integer[], $4::text[]) AS asked (word, most, letters)
CROSS JOIN LATERAL (
    SELECT w.word FROM string_to_table(asked.letters, NULL) AS letter
    CROSS JOIN LATERAL (
        SELECT v.word FROM reservations.search_word AS v
        WHERE v.region_id = $1 AND v.word >= letter AND v.word < letter || chr(1114111)
            AND length(v.word) >= length(asked.word) - asked.most
            AND (asked.most > 1 OR length(v.word) <= length(asked.word) + asked.most)
        OFFSET 0
    ) AS w
    CROSS JOIN LATERAL (
        SELECT least(
            public.levenshtein_less_equal(w.word, asked.word, asked.most),
            CASE WHEN asked.most > 1 AND length(w.word) > length(asked.word) + 2 THEN
                public.levenshtein_less_equal(left(w.word, length(asked.word)), asked.word, asked.most)
            END
        ) AS distance
        OFFSET 0
    ) AS compared
    WHERE compared.distance BETWEEN 1 AND asked.most
    ORDER BY compared.distance
    FETCH FIRST ROW WITH TIES
) AS found;

-- name: events_with
SELECT coalesce(array_agg(found), '{}') FROM reservations.events_with($1, $2, $3) AS found;
