-- name: read_card_settings
-- What becomes of the cards of turns that are for an activity: discreet where one of those that they are for is, and with a name where
-- all of them ask it.
SELECT s.event_id, bool_or(e.is_discreet) AS is_discreet, bool_and(e.asks_first_name) AS asks_first_name,
    bool_and(e.asks_full_name) AS asks_full_name
FROM reservations.turn_card_event AS own
JOIN reservations.session AS s ON s.region_id = $1 AND s.id = own.session_id
JOIN reservations.turn_card_event AS f ON f.region_id = $1 AND f.session_id = own.session_id
JOIN organisers.event AS e ON e.region_id = $1 AND e.id = f.event_id
WHERE own.region_id = $1 AND own.event_id = $2
GROUP BY s.event_id
ORDER BY s.event_id;
