-- Whether the places that are left at a source count what was booked here. Without a row nobody said so.
CREATE TYPE organisers.counting AS ENUM ('ours_included', 'ours_excluded', 'unknown');
CREATE TABLE organisers.source (
    region_id integer NOT NULL REFERENCES uit.region (id),
    source text NOT NULL CHECK (source ~ '^[a-z0-9][a-z0-9_-]{0,39}$'),
    counting organisers.counting NOT NULL,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (region_id, source)
);
GRANT SELECT, INSERT, UPDATE ON organisers.source TO uit_app;

-- What the source of a session said when it last said another figure: how many places are not left there (NULL: it does not say),
-- how many were taken here at that moment, and how many were sold elsewhere, as far as these tell.
CREATE TABLE reservations.source_figure (
    region_id integer NOT NULL,
    session_id uuid NOT NULL,
    unavailable integer CHECK (unavailable >= 0),
    taken integer NOT NULL CHECK (taken >= 0),
    elsewhere integer NOT NULL CHECK (elsewhere >= 0),
    counting organisers.counting NOT NULL,
    PRIMARY KEY (region_id, session_id),
    FOREIGN KEY (region_id, session_id) REFERENCES reservations.session (region_id, id) ON DELETE CASCADE
);
GRANT SELECT, INSERT, UPDATE ON reservations.source_figure TO uit_app;

INSERT INTO uit.retention (table_name, class, since) VALUES
    ('organisers.source', 'scheme', NULL), ('reservations.source_figure', 'scheme', NULL);
