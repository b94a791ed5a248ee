-- Who has a card of turns is told before it ends. See docs/decisions/0064-a-turn-is-taken-from-a-card-that-is-a-ticket.md.

-- The cards of which that was told, once for those that a booking has of one date. Like what else a booking is made of it has no
-- foreign keys.
CREATE TABLE reservations.turn_card_notice (
    region_id integer NOT NULL,
    booking_id uuid NOT NULL,
    session_id uuid NOT NULL,
    told_at timestamptz NOT NULL,
    PRIMARY KEY (region_id, booking_id, session_id)
);
GRANT SELECT, INSERT ON reservations.turn_card_notice TO uit_app;

INSERT INTO uit.retention (table_name, class, since) VALUES ('reservations.turn_card_notice', 'booking', NULL) ON CONFLICT DO NOTHING;
INSERT INTO uit.retention_follower (owner_name, table_name, column_name)
VALUES ('reservations.booking', 'reservations.turn_card_notice', 'booking_id') ON CONFLICT DO NOTHING;
