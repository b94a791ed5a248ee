-- outside a transaction
-- squawk-ignore-file ban-concurrent-index-creation-in-transaction
-- What the agenda and the search read: words folded as people type them, and one row for each activity and day.
CREATE EXTENSION IF NOT EXISTS unaccent WITH SCHEMA public;
CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;
CREATE EXTENSION IF NOT EXISTS btree_gin WITH SCHEMA public;
CREATE EXTENSION IF NOT EXISTS fuzzystrmatch WITH SCHEMA public;

-- A text as it is compared: lower case, without accents, with one space for all that is no letter or figure, and "st"
-- before a word in full. Storing and asking both use it. Its dictionary is named, so it is immutable; plain letters need none.
CREATE OR REPLACE FUNCTION uit.fold(p_text text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT regexp_replace(
        btrim(regexp_replace(
            lower(CASE
                WHEN octet_length(p_text) = char_length(p_text) THEN p_text
                ELSE public.unaccent('public.unaccent'::regdictionary, normalize(p_text, NFKC))
            END COLLATE pg_catalog.pg_c_utf8),
            '[^[:alnum:]]+', ' ', 'g'
        )),
        '\mst (?=[[:alpha:]])', 'sint ', 'g'
    );
$$;

-- The folded words of a text; with an apostrophe or a hyphen in it a word is also whole: `d`, `hondt` and `dhondt`.
-- Nobody types more than 60 letters, and a lexeme has a limit.
CREATE OR REPLACE FUNCTION uit.words_of(p_text text) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    v_words text := uit.fold(p_text);
BEGIN
    IF p_text ~ '[-''’ʼ‘`´]' THEN
        v_words := btrim(v_words || ' ' || uit.fold(translate(p_text, '-''’ʼ‘`´', '')));
    END IF;
    IF octet_length(v_words) > 2000 THEN
        v_words := regexp_replace(v_words, '(\S{60})\S+', '\1', 'g');
    END IF;
    RETURN array_to_tsvector(string_to_array(v_words, ' '));
END $$;

-- One row for each event and day in Brussels on which sessions of it start: the first start, the last end and its day.
CREATE TABLE IF NOT EXISTS reservations.listing (
    region_id integer NOT NULL,
    event_id uuid NOT NULL,
    day date NOT NULL,
    domain organisers.domain NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    last_day date NOT NULL,
    PRIMARY KEY (region_id, event_id, day)
);
CREATE INDEX IF NOT EXISTS listing_by_start ON reservations.listing (region_id, starts_at, event_id);
CREATE INDEX IF NOT EXISTS listing_of_domain ON reservations.listing (region_id, domain, starts_at, event_id);
-- What is still there on a day after it started, found by a moment in it.
CREATE INDEX IF NOT EXISTS listing_running ON reservations.listing
USING gist (region_id, tstzrange(starts_at, ends_at, '()')) WHERE last_day > day;

-- The words by which an event is found: its names and kind, its organiser, and its place with every postal code of the town;
-- and `=culture` for its domain and `=41002` for its town, which nobody types.
CREATE TABLE IF NOT EXISTS reservations.search_text (
    region_id integer NOT NULL,
    event_id uuid NOT NULL,
    words tsvector NOT NULL,
    PRIMARY KEY (region_id, event_id)
);
-- Without a list of what is pending, which each search would read from end to end.
CREATE INDEX IF NOT EXISTS search_text_words ON reservations.search_text USING gin (region_id, words) WITH (fastupdate = off);

-- Each word that an event of the region has or had, to find one by a part of it or in spite of a typo.
CREATE TABLE IF NOT EXISTS reservations.search_word (
    region_id integer NOT NULL,
    word text COLLATE "C" NOT NULL,
    PRIMARY KEY (region_id, word)
);
CREATE INDEX IF NOT EXISTS search_word_parts ON reservations.search_word
USING gin (region_id, word public.gin_trgm_ops) WITH (fastupdate = off);

GRANT SELECT, INSERT, UPDATE, DELETE ON reservations.listing, reservations.search_text, reservations.search_word TO uit_app;
INSERT INTO uit.retention (table_name, class, since) VALUES
    ('reservations.listing', 'scheme', NULL), ('reservations.search_text', 'scheme', NULL),
    ('reservations.search_word', 'scheme', NULL)
ON CONFLICT DO NOTHING;

-- At most so many events with these words. Only by the index of words: a guess at how many there are must not lead to
-- reading a whole region.
CREATE OR REPLACE FUNCTION reservations.events_with(p_region integer, p_query tsquery, p_most integer) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SET enable_seqscan = off SET enable_indexscan = off SET enable_indexonlyscan = off AS $$
BEGIN
    RETURN QUERY SELECT t.event_id FROM reservations.search_text AS t
    WHERE t.region_id = p_region AND t.words @@ p_query
    LIMIT p_most;
END $$;

-- What the agenda, a page and the API ask alike. Whether the public sees an event.
CREATE OR REPLACE FUNCTION organisers.is_shown(
    p_published boolean, p_from timestamptz, p_until timestamptz, p_at timestamptz
) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT p_published AND coalesce(p_from, '-infinity') <= p_at AND coalesce(p_until, 'infinity') > p_at;
$$;

-- Whether a session is on sale, apart from its places.
CREATE OR REPLACE FUNCTION reservations.is_on_sale(
    p_status reservations.session_status, p_opens_at timestamptz, p_closes_at timestamptz, p_at timestamptz
) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT p_status = 'scheduled' AND p_closes_at > p_at AND coalesce(p_opens_at, '-infinity') <= p_at;
$$;

-- How many tickets are left of a tariff. One draws its weight on every pool, so the fullest counts; where fewer are left than
-- it is sold for, nothing is; without pools nothing is counted, and that is null.
CREATE OR REPLACE FUNCTION reservations.tickets_left(
    p_region integer, p_pools uuid[], p_weight integer, p_least integer
) RETURNS integer LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
    v_left integer;
BEGIN
    SELECT min(greatest(0, p.capacity - p.taken - p.held)) / p_weight INTO v_left
    FROM reservations.pool AS p WHERE p.region_id = p_region AND p.id = ANY (p_pools);
    RETURN CASE WHEN v_left < p_least THEN 0 ELSE v_left END;
END $$;

-- Whether a tariff is offered to who looks: to a stranger all but what goes by a pass, to a member what they may have that day.
CREATE OR REPLACE FUNCTION reservations.may_have(
    p_eligibility reservations.eligibility, p_age_from integer, p_age_to integer, p_born_from date, p_born_to date,
    p_day date, p_is_member boolean, p_social_until date, p_born_on date
) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (p_eligibility <> 'social' OR p_is_member AND coalesce(p_social_until >= p_day, false))
        AND (NOT p_is_member OR num_nonnulls(p_age_from, p_age_to) = 0 OR coalesce(
            extract(year FROM age(p_day::timestamp, p_born_on::timestamp))
                BETWEEN coalesce(p_age_from, 0) AND coalesce(p_age_to, 1000), false
        ))
        AND (NOT p_is_member OR num_nonnulls(p_born_from, p_born_to) = 0 OR coalesce(
            p_born_on BETWEEN coalesce(p_born_from, '-infinity') AND coalesce(p_born_to, 'infinity'), false
        ));
$$;

-- Puts the rows of these days of these events right. Both arrays are of one length; a pair may come twice.
-- Who changes the same day at the same time waits at its row, made for that where there is none, and the statements after
-- that one see what the other did.
CREATE OR REPLACE FUNCTION reservations.refresh_listing(p_region integer, p_events uuid[], p_days date[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO reservations.listing AS known (region_id, event_id, day, domain, starts_at, ends_at, last_day)
    SELECT p_region, asked.event_id, asked.day, coalesce(found.domain, 'culture'), coalesce(found.starts_at, '-infinity'),
        coalesce(found.ends_at, '-infinity'),
        coalesce(greatest(asked.day, ((found.ends_at - interval '1 microsecond') AT TIME ZONE 'Europe/Brussels')::date), asked.day)
    FROM (SELECT DISTINCT event_id, day FROM unnest(p_events, p_days) AS pair (event_id, day)) AS asked
    CROSS JOIN LATERAL (
        SELECT min(s.domain) AS domain, min(s.starts_at) AS starts_at, max(s.ends_at) AS ends_at
        FROM reservations.session AS s
        WHERE s.region_id = p_region AND s.event_id = asked.event_id
            AND s.starts_at >= asked.day::timestamp AT TIME ZONE 'Europe/Brussels'
            AND s.starts_at < (asked.day + 1)::timestamp AT TIME ZONE 'Europe/Brussels'
    ) AS found
    ORDER BY asked.event_id, asked.day
    ON CONFLICT (region_id, event_id, day) DO UPDATE SET last_day = known.last_day WHERE false;
    UPDATE reservations.listing AS known
    SET domain = found.domain, starts_at = found.starts_at, ends_at = found.ends_at,
        last_day = greatest(asked.day, ((found.ends_at - interval '1 microsecond') AT TIME ZONE 'Europe/Brussels')::date)
    FROM (SELECT DISTINCT event_id, day FROM unnest(p_events, p_days) AS pair (event_id, day)) AS asked
    CROSS JOIN LATERAL (
        SELECT min(s.domain) AS domain, min(s.starts_at) AS starts_at, max(s.ends_at) AS ends_at
        FROM reservations.session AS s
        WHERE s.region_id = p_region AND s.event_id = asked.event_id
            AND s.starts_at >= asked.day::timestamp AT TIME ZONE 'Europe/Brussels'
            AND s.starts_at < (asked.day + 1)::timestamp AT TIME ZONE 'Europe/Brussels'
    ) AS found
    WHERE known.region_id = p_region AND known.event_id = asked.event_id AND known.day = asked.day
        AND (known.domain, known.starts_at, known.ends_at) IS DISTINCT FROM (found.domain, found.starts_at, found.ends_at)
        AND found.starts_at IS NOT NULL;
    DELETE FROM reservations.listing AS l USING unnest(p_events, p_days) AS asked (event_id, day)
    WHERE l.region_id = p_region AND l.event_id = asked.event_id AND l.day = asked.day
        AND NOT EXISTS (
            SELECT 1 FROM reservations.session AS s
            WHERE s.region_id = p_region AND s.event_id = asked.event_id
                AND s.starts_at >= asked.day::timestamp AT TIME ZONE 'Europe/Brussels'
                AND s.starts_at < (asked.day + 1)::timestamp AT TIME ZONE 'Europe/Brussels'
        );
END $$;

-- Puts the words of these events right. Who renames an event, its place or its organiser at the same time waits at its row.
CREATE OR REPLACE FUNCTION reservations.refresh_words(p_region integer, p_events uuid[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM reservations.search_text AS t
    WHERE t.region_id = p_region AND t.event_id = ANY (p_events) ORDER BY t.event_id FOR NO KEY UPDATE;
    INSERT INTO reservations.search_text AS known (region_id, event_id, words)
    SELECT p_region, e.id, uit.words_of(concat_ws(
        ' ', e.name, (SELECT string_agg(value, ' ') FROM jsonb_each_text(e.name_translations)), e.type_label,
        e.theme_label, o.name, v.name, v.locality, v.postal_code, m.name, m.name_fr, array_to_string(m.postal_codes, ' ')
    )) || array_to_tsvector(array_remove(ARRAY['=' || e.domain::text, '=' || v.refnis], NULL))
    FROM organisers.event AS e
    JOIN organisers.organiser AS o ON o.region_id = p_region AND o.id = e.organiser_id
    LEFT JOIN organisers.venue AS v ON v.region_id = p_region AND v.id = e.venue_id
    LEFT JOIN uit.municipality AS m ON m.refnis = v.refnis
    WHERE e.region_id = p_region AND e.id = ANY (p_events)
    ORDER BY e.id
    ON CONFLICT (region_id, event_id) DO UPDATE SET words = excluded.words WHERE known.words <> excluded.words;
    INSERT INTO reservations.search_word (region_id, word)
    SELECT DISTINCT p_region, word
    FROM reservations.search_text AS t
    CROSS JOIN LATERAL unnest(tsvector_to_array(t.words)) AS word
    WHERE t.region_id = p_region AND t.event_id = ANY (p_events) AND NOT starts_with(word, '=')
    ORDER BY word
    ON CONFLICT DO NOTHING;
END $$;

-- Whoever writes sessions need not think of the listing: once a statement, for the days that changed.
CREATE OR REPLACE FUNCTION reservations.list_sessions() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed record;
BEGIN
    IF tg_op = 'INSERT' THEN
        FOR changed IN
            SELECT s.region_id, array_agg(s.event_id) AS events,
                array_agg((s.starts_at AT TIME ZONE 'Europe/Brussels')::date) AS days
            FROM new_session AS s GROUP BY s.region_id
        LOOP
            PERFORM reservations.refresh_listing(changed.region_id, changed.events, changed.days);
        END LOOP;
    ELSIF tg_op = 'DELETE' THEN
        FOR changed IN
            SELECT s.region_id, array_agg(s.event_id) AS events,
                array_agg((s.starts_at AT TIME ZONE 'Europe/Brussels')::date) AS days
            FROM old_session AS s GROUP BY s.region_id
        LOOP
            PERFORM reservations.refresh_listing(changed.region_id, changed.events, changed.days);
        END LOOP;
    ELSE
        FOR changed IN
            SELECT moved.region_id, array_agg(side.event_id) AS events, array_agg(side.day) AS days
            FROM (
                SELECT s.region_id, s.event_id, s.starts_at, o.event_id AS old_event_id, o.starts_at AS old_starts_at
                FROM new_session AS s
                JOIN old_session AS o ON o.region_id = s.region_id AND o.id = s.id
                WHERE (s.event_id, s.starts_at, s.ends_at, s.domain) IS DISTINCT FROM
                    (o.event_id, o.starts_at, o.ends_at, o.domain)
            ) AS moved
            CROSS JOIN LATERAL (VALUES
                (moved.event_id, (moved.starts_at AT TIME ZONE 'Europe/Brussels')::date),
                (moved.old_event_id, (moved.old_starts_at AT TIME ZONE 'Europe/Brussels')::date)
            ) AS side (event_id, day)
            GROUP BY moved.region_id
        LOOP
            PERFORM reservations.refresh_listing(changed.region_id, changed.events, changed.days);
        END LOOP;
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER new_sessions_are_listed AFTER INSERT ON reservations.session
REFERENCING NEW TABLE AS new_session FOR EACH STATEMENT EXECUTE FUNCTION reservations.list_sessions();
CREATE OR REPLACE TRIGGER moved_sessions_are_listed AFTER UPDATE ON reservations.session
REFERENCING OLD TABLE AS old_session NEW TABLE AS new_session
FOR EACH STATEMENT EXECUTE FUNCTION reservations.list_sessions();
CREATE OR REPLACE TRIGGER gone_sessions_are_not_listed AFTER DELETE ON reservations.session
REFERENCING OLD TABLE AS old_session FOR EACH STATEMENT EXECUTE FUNCTION reservations.list_sessions();

-- The words of an event follow what it, its organiser, its venue and its town are called.
CREATE OR REPLACE FUNCTION reservations.find_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed record;
BEGIN
    IF tg_op = 'INSERT' THEN
        FOR changed IN SELECT e.region_id, array_agg(e.id) AS events FROM new_event AS e GROUP BY e.region_id LOOP
            PERFORM reservations.refresh_words(changed.region_id, changed.events);
        END LOOP;
    ELSE
        FOR changed IN
            SELECT e.region_id, array_agg(e.id) AS events
            FROM new_event AS e
            JOIN old_event AS o ON o.region_id = e.region_id AND o.id = e.id
            WHERE (e.name, e.name_translations, e.domain, e.type_label, e.theme_label, e.venue_id, e.organiser_id)
                IS DISTINCT FROM
                (o.name, o.name_translations, o.domain, o.type_label, o.theme_label, o.venue_id, o.organiser_id)
            GROUP BY e.region_id
        LOOP
            PERFORM reservations.refresh_words(changed.region_id, changed.events);
        END LOOP;
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER new_events_are_found AFTER INSERT ON organisers.event
REFERENCING NEW TABLE AS new_event FOR EACH STATEMENT EXECUTE FUNCTION reservations.find_event();
CREATE OR REPLACE TRIGGER renamed_events_are_found AFTER UPDATE ON organisers.event
REFERENCING OLD TABLE AS old_event NEW TABLE AS new_event FOR EACH STATEMENT EXECUTE FUNCTION reservations.find_event();

CREATE OR REPLACE FUNCTION reservations.find_events_of_organiser() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed record;
BEGIN
    FOR changed IN
        SELECT e.region_id, array_agg(e.id) AS events
        FROM new_organiser AS n
        JOIN old_organiser AS o ON o.region_id = n.region_id AND o.id = n.id AND o.name <> n.name
        JOIN organisers.event AS e ON e.region_id = n.region_id AND e.organiser_id = n.id
        GROUP BY e.region_id
    LOOP
        PERFORM reservations.refresh_words(changed.region_id, changed.events);
    END LOOP;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER renamed_organisers_are_found AFTER UPDATE ON organisers.organiser
REFERENCING OLD TABLE AS old_organiser NEW TABLE AS new_organiser
FOR EACH STATEMENT EXECUTE FUNCTION reservations.find_events_of_organiser();

CREATE OR REPLACE FUNCTION reservations.find_events_at_venue() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed record;
BEGIN
    FOR changed IN
        SELECT e.region_id, array_agg(e.id) AS events
        FROM new_venue AS n
        JOIN old_venue AS o ON o.region_id = n.region_id AND o.id = n.id
        JOIN organisers.event AS e ON e.region_id = n.region_id AND e.venue_id = n.id
        WHERE (o.name, o.locality, o.postal_code, o.refnis) IS DISTINCT FROM (n.name, n.locality, n.postal_code, n.refnis)
        GROUP BY e.region_id
    LOOP
        PERFORM reservations.refresh_words(changed.region_id, changed.events);
    END LOOP;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER renamed_venues_are_found AFTER UPDATE ON organisers.venue
REFERENCING OLD TABLE AS old_venue NEW TABLE AS new_venue
FOR EACH STATEMENT EXECUTE FUNCTION reservations.find_events_at_venue();

CREATE OR REPLACE FUNCTION reservations.find_events_in_town() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed record;
BEGIN
    FOR changed IN
        SELECT e.region_id, array_agg(e.id) AS events
        FROM new_town AS n
        JOIN old_town AS o ON o.refnis = n.refnis
        JOIN organisers.venue AS v ON v.refnis = n.refnis
        JOIN organisers.event AS e ON e.region_id = v.region_id AND e.venue_id = v.id
        WHERE (o.name, o.name_fr, o.postal_codes) IS DISTINCT FROM (n.name, n.name_fr, n.postal_codes)
        GROUP BY e.region_id
    LOOP
        PERFORM reservations.refresh_words(changed.region_id, changed.events);
    END LOOP;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER renamed_towns_are_found AFTER UPDATE ON uit.municipality
REFERENCING OLD TABLE AS old_town NEW TABLE AS new_town
FOR EACH STATEMENT EXECUTE FUNCTION reservations.find_events_in_town();

-- What was there before.
DO $$
DECLARE
    v_region integer;
BEGIN
    FOR v_region IN SELECT id FROM uit.region LOOP
        PERFORM reservations.refresh_words(
            v_region, ARRAY(SELECT id FROM organisers.event WHERE region_id = v_region)
        );
        PERFORM reservations.refresh_listing(v_region, array_agg(event_id), array_agg(day))
        FROM (
            SELECT DISTINCT event_id, (starts_at AT TIME ZONE 'Europe/Brussels')::date AS day
            FROM reservations.session WHERE region_id = v_region
        ) AS started;
    END LOOP;
END $$;

-- Sessions of an organiser that take more than a day, which a list by their start does not pass.
CREATE INDEX CONCURRENTLY IF NOT EXISTS span_of_organiser ON reservations.session (region_id, organiser_id, ends_at)
WHERE ends_at - starts_at > interval '24 hours';
-- In the order of a list: without the id, a plan for any values prefers to walk the region in its order.
CREATE INDEX CONCURRENTLY IF NOT EXISTS session_of_organiser_by_start
ON reservations.session (region_id, organiser_id, starts_at, id);
CREATE INDEX CONCURRENTLY IF NOT EXISTS session_of_event_by_start ON reservations.session (region_id, event_id, starts_at, id);
DROP INDEX CONCURRENTLY IF EXISTS reservations.session_of_organiser;
DROP INDEX CONCURRENTLY IF EXISTS reservations.session_of_event;
-- The counter finds a person by the starts of their names, in any order.
CREATE INDEX CONCURRENTLY IF NOT EXISTS person_words ON identity.person
USING gin (uit.words_of(given_name || ' ' || family_name)) WITH (fastupdate = off);
