-- Bookings with a hold, a payment and what follows of them: as much as matters to a plan, and not right to the cent.
SET session_replication_role = replica;
CREATE TEMP TABLE b AS SELECT gen_random_uuid() AS id, gen_random_uuid() AS hold, gen_random_uuid() AS paid,
    gen_random_uuid() AS receipt, n, ('00000000-0000-7000-8000-' || lpad((n % 500)::text, 12, '0'))::uuid AS place
FROM generate_series(1, 20000) AS n;
INSERT INTO reservations.pool (region_id, id, name, licensed_capacity, capacity)
SELECT DISTINCT 1, place, 'Zaal', 1000, 1000 FROM b;
INSERT INTO credits.purse (region_id, id, held_account_id, wallet_id, programme_id, version, fund_id, period,
    granted_cents, available_cents, lapses_at, granted_at)
SELECT DISTINCT 1, place, place, place, place, 1, place, '2026', 1000, 1000, now(), now() FROM b;
INSERT INTO reservations.booking (region_id, id, digest, channel, actor_kind, actor_id, made_at)
SELECT 1, id, '', 'api', 'client', '', now() FROM b;
INSERT INTO reservations.line (region_id, booking_id, no, session_id, tariff_code, rank, wallet_id, seller_id,
    places, price_cents, credit_cents, vat_code, pool_ids)
SELECT 1, id, 1, place, 'base', 0, place, place, 1, 150, 100, 'exempt-44-2-9', ARRAY[place] FROM b;
INSERT INTO reservations.ticket (region_id, booking_id, line_no, no, session_id, status)
SELECT 1, id, 1, 1, place, 'confirmed' FROM b;
INSERT INTO credits.payment (region_id, id, booking_id, seller_id, means, status, amount_cents, line_cents, made_at,
    paid_at, account, checkout_id, reference)
SELECT 1, paid, id, place, CASE n % 2 WHEN 0 THEN 'card' ELSE 'desk' END::credits.payment_means, 'paid', 50,
    ARRAY[50], now(), now(), 'acct', 'cs' || n, 'pi' || n FROM b;
INSERT INTO credits.transfer (region_id, id, kind, debit_id, credit_id, amount_cents, at, purse_id, booking_id,
    line_no, payee_id, payment_id)
SELECT 1, hold, 'hold'::credits.transfer_kind, place, receipt, 100, now(), place, id, 1, place, NULL::uuid FROM b
UNION ALL
SELECT 1, paid, CASE n % 2 WHEN 0 THEN 'capture' ELSE 'receipt' END::credits.transfer_kind, place, receipt, 50, now(),
    NULL, id, 1, NULL, paid FROM b;
INSERT INTO credits.transfer (region_id, id, kind, debit_id, credit_id, amount_cents, at, purse_id, booking_id,
    line_no, payee_id, hold_id)
SELECT 1, gen_random_uuid(), 'settle', place, receipt, 100, now(), place, id, 1, place, hold FROM b WHERE n % 2 = 0;
INSERT INTO credits.resolution SELECT 1, hold, 100, 0, now() FROM b WHERE n % 2 = 0;
INSERT INTO credits.refund (region_id, id, payment_id, booking_id, line_no, amount_cents, way, status, reason,
    decided_at, done_at)
SELECT 1, gen_random_uuid(), paid, id, 1, 50, 'card', 'done', 'x', now(), now() FROM b WHERE n % 5 = 0;
INSERT INTO credits.receipt (region_id, id, seller_id, year, no, till_session_id, booking_id, payment_id, total_cents,
    sold_on, sold_by, made_at)
SELECT 1, receipt, place, 2026, n, place, id, paid, 50, now(), place, now() FROM b WHERE n % 2 = 1;
INSERT INTO credits.receipt_line (region_id, receipt_id, no, words, vat_code, vat_rate_bp, amount_cents,
    booking_line_no)
SELECT 1, receipt, 1, 'x', 'exempt-44-2-9', 0, 50, 1 FROM b WHERE n % 2 = 1;
INSERT INTO credits.tender (region_id, id, receipt_id, means, amount_cents, reference)
SELECT 1, paid, receipt, 'terminal', 50, 'x' FROM b WHERE n % 2 = 1;
INSERT INTO credits.provider_entry (region_id, id, seller_id, kind, amount_cents, fee_cents, reference, booking_id,
    transfer_id, made_at)
SELECT 1, 'txn' || n, place, 'charge', 50, 1, 'pi' || n, id, paid, now() FROM b WHERE n % 2 = 0;
