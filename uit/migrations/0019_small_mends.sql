-- Who sells is locked while its books move to another legal entity; what is sold in its name refers to it, and so waits. Rows of before
-- are not looked at: they were all written for who sold.
ALTER TABLE credits.payment ADD CONSTRAINT payment_seller_fkey
    FOREIGN KEY (region_id, seller_id) REFERENCES credits.seller (region_id, organiser_id) NOT VALID;

-- Since when the account of a seller at the payment provider gives us no access any more; another can be opened.
ALTER TABLE credits.seller ADD COLUMN IF NOT EXISTS card_left_at timestamptz;

-- As in 0017_mandates.sql, with the invoices of who sells: under a mandate the customers are those of the agent.
CREATE OR REPLACE FUNCTION credits.seller_terms(p_region integer, p_organiser uuid) RETURNS json
LANGUAGE plpgsql STABLE SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
BEGIN
    RETURN (
        SELECT json_build_object(
            'seller_id', coalesce(s.agent_id, s.organiser_id), 'mandate_id', s.mandate_id, 'mandate_ends_on', m.ends_on,
            'account', CASE WHEN s.agent_id IS NULL THEN s.card_account ELSE a.card_account END,
            'card', CASE WHEN s.agent_id IS NULL THEN s.card_open ELSE coalesce(a.card_open, false) END,
            'desk_hours', s.desk_hours, 'desk_before_minutes', s.desk_before_minutes,
            'invoices', CASE WHEN s.agent_id IS NULL THEN s.invoices ELSE coalesce(a.invoices, false) END,
            'cancel_fee_cents', s.cancel_fee_cents
        )
        FROM credits.seller AS s
        LEFT JOIN credits.seller AS a ON a.region_id = p_region AND a.organiser_id = s.agent_id
        LEFT JOIN organisers.mandate AS m ON m.region_id = p_region AND m.id = s.mandate_id
        WHERE s.region_id = p_region AND s.organiser_id = p_organiser
    );
END $$;
-- What was copied from an agent.
UPDATE credits.seller AS s SET invoices = false
WHERE s.agent_id IS NOT NULL AND s.invoices AND NOT EXISTS (
    SELECT 1 FROM credits.customer AS c WHERE c.region_id = s.region_id AND c.seller_id = s.organiser_id
);

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
