-- name: read_facts_of_offer
SELECT reservations.facts($1, '{}', $2, '{}', $3, '{}', true);
