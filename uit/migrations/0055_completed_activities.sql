-- What an organiser says here of how an imported activity is sold, and which dates were made together.
-- See docs/decisions/0057-an-imported-activity-is-completed-here.md.

-- What its source said last, as it was read: what is said here can be let go at once, without waiting for an import. NULL for what
-- was made here, and for what came in before this was kept.
ALTER TABLE organisers.event ADD COLUMN source_record json;
GRANT DELETE ON reservations.event_sale, reservations.tariff_rule TO uit_app;

-- Dates of an activity that were made by one pattern. `pattern` is what was typed, to say it again and to add to it.
CREATE TABLE reservations.series (
    region_id integer NOT NULL,
    id uuid NOT NULL,
    event_id uuid NOT NULL,
    pattern jsonb NOT NULL,
    made_at timestamptz NOT NULL,
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, event_id) REFERENCES organisers.event (region_id, id)
);
CREATE INDEX series_of_event ON reservations.series (region_id, event_id);
GRANT SELECT, INSERT, UPDATE ON reservations.series TO uit_app;

ALTER TABLE reservations.event_date ADD COLUMN series_id uuid;
ALTER TABLE reservations.session ADD COLUMN series_id uuid;
ALTER TABLE reservations.event_date ADD CONSTRAINT waits_in_a_series
    FOREIGN KEY (region_id, series_id) REFERENCES reservations.series (region_id, id) NOT VALID;
ALTER TABLE reservations.session ADD CONSTRAINT is_of_a_series
    FOREIGN KEY (region_id, series_id) REFERENCES reservations.series (region_id, id) NOT VALID;

INSERT INTO uit.retention (table_name, class, since) VALUES ('reservations.series', 'scheme', NULL);
