-- As in 0010_payments.sql, with why money goes back, so that who gets it is told.
CREATE OR REPLACE FUNCTION credits.payments_of(p_region integer, p_booking uuid) RETURNS json
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
BEGIN
    RETURN (
        SELECT coalesce(json_agg(x ORDER BY x.made_at, x.id), '[]') FROM (
            SELECT p.id, p.seller_id, p.mandate_id, p.means, p.status, p.amount_cents, p.line_cents, p.account, p.checkout_id,
                p.checkout_url AS url, p.return_url, p.made_at, p.opened_at, p.paid_at, (
                    SELECT coalesce(json_agg(r ORDER BY r.decided_at, r.id), '[]') FROM (
                        SELECT f.id, f.line_no, f.amount_cents, f.way, f.status, f.reason, f.code, f.decided_at,
                            f.done_at, f.arrives_on
                        FROM credits.refund AS f WHERE f.region_id = p_region AND f.payment_id = p.id
                    ) AS r
                ) AS refunds
            FROM credits.payment AS p
            WHERE p.region_id = p_region AND p.booking_id = p_booking
        ) AS x
    );
END $$;
