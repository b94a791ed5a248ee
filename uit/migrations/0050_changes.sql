-- A booking changes in one step that never loses the old one. See docs/decisions/0052-a-booking-changes-in-one-step.md.

-- A change under the id that its maker chose, bound by `digest` to its content. While it is `pending` its new places are held
-- beside the old ones, and `plan` says what becomes of the old ones and their credit and money once `payment_id` came in.
CREATE TABLE reservations.change (
    region_id integer NOT NULL,
    id uuid NOT NULL,
    booking_id uuid NOT NULL,
    digest bytea NOT NULL,
    state text NOT NULL,
    plan json,
    payment_id uuid,
    at timestamptz NOT NULL,
    ended_at timestamptz,
    PRIMARY KEY (region_id, id),
    CONSTRAINT a_change_has_a_known_state CHECK (state IN ('pending', 'done', 'stopped')),
    CONSTRAINT a_change_that_waits_has_a_plan CHECK ((state = 'pending') = (plan IS NOT NULL)),
    CONSTRAINT a_change_ends_once CHECK ((state = 'pending') = (ended_at IS NULL))
);
CREATE INDEX change_of_booking ON reservations.change (region_id, booking_id);
-- The rule of the turnstile, said again: nothing else changes while one waits.
CREATE UNIQUE INDEX a_booking_has_one_change_that_waits ON reservations.change (region_id, booking_id) WHERE state = 'pending';
GRANT SELECT, INSERT, UPDATE ON reservations.change TO uit_app;
INSERT INTO uit.retention (table_name, class, since) VALUES ('reservations.change', 'booking', NULL) ON CONFLICT DO NOTHING;
INSERT INTO uit.retention_follower (owner_name, table_name, column_name) VALUES
    ('reservations.booking', 'reservations.change', 'booking_id')
ON CONFLICT DO NOTHING;

-- Of payments whose money stays with their booking for other lines of it: how much of each line it pays now. The sum stays as it was,
-- so nothing moves in the books of the seller. What an agent owes is reckoned with again, over the new lines too.
CREATE FUNCTION credits.share_out_payments(p_region integer, p_rows json) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE v_ids uuid[]; v_asked integer; v_done integer;
BEGIN
    SELECT array_agg(r.id) INTO v_ids FROM json_to_recordset(p_rows) AS r (id uuid);
    WITH changed AS (
        UPDATE credits.payment AS p SET line_cents = r.line_cents, sold_for_due = p.sold_for_due OR p.mandate_id IS NOT NULL
        FROM json_to_recordset(p_rows) AS r (id uuid, line_cents integer[])
        WHERE p.region_id = p_region AND p.id = r.id AND p.id = ANY (v_ids) AND p.status = 'paid'
            AND (SELECT sum(c) FROM unnest(r.line_cents) AS c) = p.amount_cents
        RETURNING 1
    )
    SELECT json_array_length(p_rows), (SELECT count(*) FROM changed) INTO v_asked, v_done;
    IF v_asked <> v_done THEN
        RAISE EXCEPTION 'a payment changed under its lock' USING ERRCODE = 'serialization_failure';
    END IF;
    UPDATE credits.sold_for AS s SET line_nos = s.line_nos || n.line_nos
    FROM (
        SELECT r.id, m.organiser_id, array_agg(m.line_no) AS line_nos
        FROM json_to_recordset(p_rows) AS r (id uuid, moved json)
        CROSS JOIN LATERAL json_to_recordset(r.moved) AS m (organiser_id uuid, line_no smallint)
        GROUP BY r.id, m.organiser_id
    ) AS n
    WHERE s.region_id = p_region AND s.payment_id = n.id AND s.payment_id = ANY (v_ids) AND s.organiser_id = n.organiser_id;
END $$;

-- After a batch: the lines and tickets that changes add to bookings, what credit pays of lines by now, money that stays for other
-- lines, and the changes themselves. Tickets that ended did so before, so what is one each may be held by a new one.
CREATE FUNCTION reservations.write_changes(
    p_region integer, p_now timestamptz, p_lines json, p_tickets json, p_credit json, p_payments json, p_changes json
) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO reservations.line
        (region_id, booking_id, no, session_id, tariff_code, rank, holder_id, wallet_id, card_id, seller_id, places,
         price_cents, credit_cents, vat_code, pool_ids, cancel_fee_cents, mandate_id)
    SELECT p_region, r.booking_id, r.no, r.session_id, r.tariff_code, r.rank, r.holder_id, r.wallet_id, r.card_id,
        r.seller_id, r.places, r.price_cents, r.credit_cents, r.vat_code, r.pool_ids, r.cancel_fee_cents, r.mandate_id
    FROM json_to_recordset(p_lines) AS r (
        booking_id uuid, no smallint, session_id uuid, tariff_code text, rank smallint, holder_id uuid,
        wallet_id uuid, card_id uuid, seller_id uuid, places smallint, price_cents integer, credit_cents integer,
        vat_code text, pool_ids uuid[], cancel_fee_cents integer, mandate_id uuid
    );
    INSERT INTO reservations.ticket (region_id, booking_id, line_no, no, session_id, status, weight, personal_to)
    SELECT p_region, r.booking_id, r.line_no, r.no, r.session_id, r.status, r.weight, r.personal_to
    FROM json_to_recordset(p_tickets) AS r (
        booking_id uuid, line_no smallint, no smallint, session_id uuid, status reservations.ticket_status,
        weight smallint, personal_to uuid
    );
    UPDATE reservations.line AS l SET credit_cents = r.credit_cents
    FROM json_to_recordset(p_credit) AS r (booking_id uuid, no smallint, credit_cents integer)
    WHERE l.region_id = p_region AND l.booking_id = r.booking_id AND l.no = r.no;
    IF json_array_length(p_payments) > 0 THEN
        PERFORM credits.share_out_payments(p_region, p_payments);
    END IF;
    UPDATE reservations.change AS c SET state = r.state, plan = NULL, ended_at = p_now
    FROM json_to_recordset(p_changes) AS r (id uuid, state text, is_new boolean)
    WHERE c.region_id = p_region AND c.id = r.id AND c.state = 'pending' AND NOT r.is_new;
    INSERT INTO reservations.change (region_id, id, booking_id, digest, state, plan, payment_id, at, ended_at)
    SELECT p_region, r.id, r.booking_id, decode(r.digest, 'hex'), r.state, r.plan, r.payment_id, p_now,
        CASE WHEN r.state <> 'pending' THEN p_now END
    FROM json_to_recordset(p_changes) AS r (
        id uuid, booking_id uuid, digest text, state text, plan json, payment_id uuid, is_new boolean
    )
    WHERE r.is_new;
END $$;
