-- Who sells is locked while its books move to another legal entity; what is sold in its name refers to it, and so waits. Rows of before
-- are not looked at: they were all written for who sold.
ALTER TABLE credits.payment ADD CONSTRAINT payment_seller_fkey
    FOREIGN KEY (region_id, seller_id) REFERENCES credits.seller (region_id, organiser_id) NOT VALID;

-- Since when the account of a seller at the payment provider gives us no access any more; another can be opened.
ALTER TABLE credits.seller ADD COLUMN IF NOT EXISTS card_left_at timestamptz;

-- Computers on which many people book one after the other, as in a library: bookings of guests are not limited there.
CREATE TABLE reservations.public_computer (
    region_id integer NOT NULL REFERENCES uit.region,
    id uuid NOT NULL,
    name text NOT NULL,
    network cidr NOT NULL,
    named_at timestamptz NOT NULL,
    PRIMARY KEY (region_id, id),
    CONSTRAINT a_network_is_named_once UNIQUE (region_id, network)
);
GRANT SELECT, INSERT, DELETE ON reservations.public_computer TO uit_app;
INSERT INTO uit.retention (table_name, class, since) VALUES ('reservations.public_computer', 'scheme', NULL);
