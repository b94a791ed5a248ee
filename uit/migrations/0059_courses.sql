-- Courses: dates of an activity that are enrolled for together. See docs/decisions/0062-an-enrolment-is-a-booking-of-dates.md.

-- `choice_least`: whoever chooses dates takes so many at the least, 1 where each is sold by itself; NULL where only all are sold.
-- `late`: what who enrols once it has begun pays for what is to come, until `late_until`, that day included. `leaving`: what is given
-- back to who leaves: of every date by its own limit, or of all of them until the limit of the first.
CREATE TABLE reservations.course (
    region_id integer NOT NULL,
    id uuid NOT NULL,
    event_id uuid NOT NULL,
    organiser_id uuid NOT NULL,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    choice_least smallint CHECK (choice_least BETWEEN 1 AND 40),
    late text NOT NULL CHECK (late IN ('no', 'share', 'table')),
    late_until date,
    leaving text NOT NULL CHECK (leaving IN ('to_come', 'before_start')),
    made_at timestamptz NOT NULL,
    ended_at timestamptz,
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, event_id) REFERENCES organisers.event (region_id, id),
    FOREIGN KEY (region_id, organiser_id) REFERENCES organisers.organiser (region_id, id),
    CONSTRAINT who_takes_nobody_late_has_no_last_day CHECK (late <> 'no' OR late_until IS NULL)
);
CREATE INDEX course_of_event ON reservations.course (region_id, event_id);
CREATE INDEX course_of_organiser ON reservations.course (region_id, organiser_id);
GRANT SELECT, INSERT, UPDATE ON reservations.course TO uit_app;

-- A date is of one course at most. A course that ended has none.
CREATE TABLE reservations.course_date (
    region_id integer NOT NULL,
    session_id uuid NOT NULL,
    course_id uuid NOT NULL,
    PRIMARY KEY (region_id, session_id),
    FOREIGN KEY (region_id, session_id) REFERENCES reservations.session (region_id, id) ON DELETE CASCADE,
    FOREIGN KEY (region_id, course_id) REFERENCES reservations.course (region_id, id)
);
CREATE INDEX date_of_course ON reservations.course_date (region_id, course_id);
GRANT SELECT, INSERT, DELETE ON reservations.course_date TO uit_app;

-- What one place in a course costs at a tariff of its dates: with `dates` 0 for all of them, else for so many that are still to come.
CREATE TABLE reservations.course_price (
    region_id integer NOT NULL,
    course_id uuid NOT NULL,
    tariff_code text NOT NULL,
    dates smallint NOT NULL CHECK (dates BETWEEN 0 AND 40),
    price_cents integer NOT NULL CHECK (price_cents BETWEEN 0 AND 10000000),
    PRIMARY KEY (region_id, course_id, tariff_code, dates),
    FOREIGN KEY (region_id, course_id) REFERENCES reservations.course (region_id, id)
);
GRANT SELECT, INSERT, DELETE ON reservations.course_price TO uit_app;

-- Which lines of a booking were sold together, and until when they may be given up where that is another moment than of each date:
-- it was promised when it was booked. Like what else a booking is made of it has no foreign keys.
CREATE TABLE reservations.enrolment (
    region_id integer NOT NULL,
    booking_id uuid NOT NULL,
    no smallint NOT NULL,
    course_id uuid NOT NULL,
    line_nos smallint[] NOT NULL,
    leave_until timestamptz,
    PRIMARY KEY (region_id, booking_id, no)
);
CREATE INDEX enrolment_in_course ON reservations.enrolment (region_id, course_id);
GRANT SELECT, INSERT ON reservations.enrolment TO uit_app;

INSERT INTO uit.retention (table_name, class, since) VALUES
    ('reservations.course', 'scheme', NULL), ('reservations.course_date', 'scheme', NULL),
    ('reservations.course_price', 'scheme', NULL), ('reservations.enrolment', 'booking', NULL)
ON CONFLICT DO NOTHING;
INSERT INTO uit.retention_follower (owner_name, table_name, column_name)
VALUES ('reservations.booking', 'reservations.enrolment', 'booking_id') ON CONFLICT DO NOTHING;

-- The courses of these dates and of what was enrolled for by these bookings, with those enrolments, in the shape of
-- `course.CourseFacts`; NULL where there are none. Read after the locks, so it is VOLATILE: it sees what others committed.
CREATE FUNCTION reservations.courses(p_region integer, p_sessions uuid[], p_bookings uuid[]) RETURNS json
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
                SELECT c.id, c.name, c.choice_least, c.late, c.late_until, c.leaving,
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
