-- Who sells in its own name for an organiser: a region as its agent. Holding other people's card money asks for a decision of the
-- council, a legal opinion and a procurement, which are kept as data.
ALTER TABLE organisers.mandate ADD COLUMN IF NOT EXISTS agent_id uuid;
ALTER TABLE organisers.mandate ADD COLUMN IF NOT EXISTS legal_opinion text;
ALTER TABLE organisers.mandate ADD COLUMN IF NOT EXISTS procurement text;

-- As in 0010_payments.sql, with the last day of the mandate.
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
            'invoices', s.invoices, 'cancel_fee_cents', s.cancel_fee_cents
        )
        FROM credits.seller AS s
        LEFT JOIN credits.seller AS a ON a.region_id = p_region AND a.organiser_id = s.agent_id
        LEFT JOIN organisers.mandate AS m ON m.region_id = p_region AND m.id = s.mandate_id
        WHERE s.region_id = p_region AND s.organiser_id = p_organiser
    );
END $$;
