-- What an organiser writes in other languages than Dutch: what a course is called, and what is on a picture. By language, without the Dutch.
-- See docs/decisions/0057-an-imported-activity-is-completed-here.md.
ALTER TABLE reservations.course ADD COLUMN name_translations jsonb NOT NULL DEFAULT '{}';
ALTER TABLE organisers.event_picture ADD COLUMN alt_translations jsonb NOT NULL DEFAULT '{}';

-- As before, with what a course is called in other languages.
CREATE OR REPLACE FUNCTION reservations.courses(p_region integer, p_sessions uuid[], p_bookings uuid[]) RETURNS json
LANGUAGE plpgsql VOLATILE SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
DECLARE v_courses uuid[]; v_more uuid[];
BEGIN
    SELECT array_agg(DISTINCT d.course_id) INTO v_courses FROM reservations.course_date AS d
    WHERE d.region_id = p_region AND d.session_id = ANY (p_sessions);
    IF cardinality(p_bookings) > 0 THEN
        SELECT array_agg(DISTINCT e.course_id) INTO v_more FROM reservations.enrolment AS e
        WHERE e.region_id = p_region AND e.booking_id = ANY (p_bookings);
    END IF;
    v_courses := v_courses || v_more;
    IF v_courses IS NULL THEN
        RETURN NULL;
    END IF;
    RETURN json_build_object(
        'courses', (
            SELECT coalesce(json_agg(x), '[]') FROM (
                SELECT c.id, c.name, c.name_translations AS names, c.choice_least, c.late, c.late_until, c.leaving,
                    (SELECT coalesce(json_agg(t ORDER BY t.starts_at, t.session_id), '[]') FROM (
                        SELECT s.id AS session_id, s.starts_at, s.ends_at, s.status, s.sale_closes_at
                        FROM reservations.course_date AS d
                        JOIN reservations.session AS s ON s.region_id = p_region AND s.id = d.session_id
                        WHERE d.region_id = p_region AND d.course_id = c.id
                    ) AS t) AS dates,
                    (SELECT coalesce(json_agg(t), '[]') FROM (
                        SELECT p.tariff_code AS tariff, p.dates, p.price_cents FROM reservations.course_price AS p
                        WHERE p.region_id = p_region AND p.course_id = c.id
                    ) AS t) AS prices
                FROM reservations.course AS c
                WHERE c.region_id = p_region AND c.id = ANY (v_courses)
            ) AS x
        ),
        'enrolments', (
            SELECT coalesce(json_agg(x), '[]') FROM (
                SELECT e.booking_id, e.no, e.course_id, e.line_nos, e.leave_until FROM reservations.enrolment AS e
                WHERE e.region_id = p_region AND e.booking_id = ANY (p_bookings)
            ) AS x
        )
    );
END $$;
