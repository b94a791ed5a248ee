-- Who booked without a pass and has one now: a booking that somebody joined to their own, with the code of its mail.
-- Apart from the contact, which is erased long before the booking. Lines, prices and entitlements stay as they were.
CREATE TABLE reservations.claimed_booking (
    region_id integer NOT NULL,
    booking_id uuid NOT NULL,
    membership_id uuid NOT NULL,
    claimed_at timestamptz NOT NULL,
    PRIMARY KEY (region_id, booking_id)
);
CREATE INDEX claimed_booking_of_member ON reservations.claimed_booking (region_id, membership_id);
GRANT SELECT, INSERT ON reservations.claimed_booking TO uit_app;
INSERT INTO uit.retention (table_name, class, since) VALUES ('reservations.claimed_booking', 'booking', NULL);
INSERT INTO uit.retention_follower (owner_name, table_name, column_name) VALUES
    ('reservations.booking', 'reservations.claimed_booking', 'booking_id');

-- People read out the end of the id of their booking.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX contact_number ON reservations.contact (region_id, right(booking_id::text, 8));
