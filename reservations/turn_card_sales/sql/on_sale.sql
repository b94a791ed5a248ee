-- name: read_on_sale
-- The cards for an activity that can be bought now, named in language $4.
SELECT c.session_id, c.turns::integer, c.months::integer, c.shared, c.give_back_days::integer, s.event_id,
    coalesce(e.name_translations ->> $4, e.name) AS name
FROM reservations.turn_card_event AS f
JOIN reservations.turn_card AS c ON c.region_id = $1 AND c.session_id = f.session_id
JOIN reservations.session AS s ON s.region_id = $1 AND s.id = c.session_id AND s.status = 'scheduled'
    AND (s.sale_opens_at IS NULL OR s.sale_opens_at <= $3) AND s.sale_closes_at > $3
JOIN organisers.event AS e ON e.region_id = $1 AND e.id = s.event_id
    AND organisers.is_shown(e.published, e.visible_from, e.visible_to, $3)
WHERE f.region_id = $1 AND f.event_id = $2
ORDER BY c.turns, name, c.session_id;

-- name: read_of_organiser
-- The cards of an organiser that can be sold now, named in language $4.
SELECT c.session_id, c.turns::integer, c.months::integer, c.shared, c.give_back_days::integer, s.event_id,
    coalesce(e.name_translations ->> $4, e.name) AS name
FROM reservations.turn_card AS c
JOIN reservations.session AS s ON s.region_id = $1 AND s.id = c.session_id AND s.organiser_id = $2 AND s.status = 'scheduled'
    AND (s.sale_opens_at IS NULL OR s.sale_opens_at <= $3) AND s.sale_closes_at > $3
JOIN organisers.event AS e ON e.region_id = $1 AND e.id = s.event_id
    AND organisers.is_shown(e.published, e.visible_from, e.visible_to, $3)
WHERE c.region_id = $1
ORDER BY name, c.turns, c.session_id;

-- name: read_as_card
-- What a date is sold as, where it is sold as cards, named in language $3.
SELECT c.session_id, c.turns::integer, c.months::integer, c.shared, c.give_back_days::integer, s.event_id,
    coalesce(e.name_translations ->> $3, e.name) AS name
FROM reservations.turn_card AS c
JOIN reservations.session AS s ON s.region_id = $1 AND s.id = c.session_id
JOIN organisers.event AS e ON e.region_id = $1 AND e.id = s.event_id
WHERE c.region_id = $1 AND c.session_id = $2;

-- name: read_covered
-- For which activities the turns of a card are, as far as they are seen, named in language $4.
SELECT e.id, coalesce(e.name_translations ->> $4, e.name) AS name
FROM reservations.turn_card_event AS f
JOIN organisers.event AS e ON e.region_id = $1 AND e.id = f.event_id
    AND organisers.is_shown(e.published, e.visible_from, e.visible_to, $3)
WHERE f.region_id = $1 AND f.session_id = $2
ORDER BY name, e.id;
