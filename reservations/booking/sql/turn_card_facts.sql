-- name: lock_cards
-- After all that the batch locks, in the order of their keys; what is taken of them is read in a later statement.
SELECT FROM reservations.ticket AS t
WHERE t.region_id = $1 AND t.booking_id = ANY ($2)
    AND EXISTS (SELECT 1 FROM reservations.turn_card AS c WHERE c.region_id = $1 AND c.session_id = t.session_id)
ORDER BY t.booking_id, t.line_no, t.no
FOR NO KEY UPDATE OF t;

-- name: read_cards
-- The cards of these bookings, as a JSON document in the shape of `turn_card.TurnCard`.
SELECT coalesce(jsonb_agg(k.card || jsonb_build_object('is_social', coalesce(t.eligibility = 'social', false)) ORDER BY k.no), '[]')::text
FROM jsonb_array_elements(reservations.cards_of_turns($1, $2, $3)::jsonb) WITH ORDINALITY AS k (card, no)
LEFT JOIN reservations.line AS l ON l.region_id = $1 AND l.booking_id = (k.card -> 'key' ->> 'booking_id')::uuid
    AND l.no = (k.card -> 'key' ->> 'line_no')::smallint
LEFT JOIN reservations.tariff AS t ON t.region_id = $1 AND t.session_id = l.session_id AND t.code = l.tariff_code;

-- name: find_cards
-- What of sessions $2 and bookings $3 is sold as cards, and the cards of these bookings, those that they took turns of, and those of
-- holders $4, without a lock: good for showing.
SELECT reservations.turn_cards($1, $2, $3) AS known, (
    SELECT coalesce(jsonb_agg(k.card || jsonb_build_object('is_social', coalesce(t.eligibility = 'social', false)) ORDER BY k.no), '[]')::text
    FROM jsonb_array_elements(reservations.cards_of_turns($1, ARRAY(
        SELECT l.booking_id FROM reservations.line AS l
        JOIN reservations.turn_card AS c ON c.region_id = $1 AND c.session_id = l.session_id
        WHERE l.region_id = $1 AND l.holder_id = ANY ($4)
    ) || ARRAY(
        SELECT u.card_booking_id FROM reservations.turn_use AS u WHERE u.region_id = $1 AND u.booking_id = ANY ($3)
    ) || $3::uuid[], $2)::jsonb) WITH ORDINALITY AS k (card, no)
    LEFT JOIN reservations.line AS sold ON sold.region_id = $1 AND sold.booking_id = (k.card -> 'key' ->> 'booking_id')::uuid
        AND sold.no = (k.card -> 'key' ->> 'line_no')::smallint
    LEFT JOIN reservations.tariff AS t ON t.region_id = $1 AND t.session_id = sold.session_id AND t.code = sold.tariff_code
) AS cards;

-- name: write_turn_use
SELECT reservations.write_turn_use($1, $2::json);

-- name: lines_with_turns
-- The lines of a booking that turns of a card paid for, whatever became of their tickets.
SELECT coalesce(array_agg(line_no), '{}') FROM reservations.turn_use WHERE region_id = $1 AND booking_id = $2;
