-- name: find_activity
SELECT e.id, e.name, e.name_translations AS words, e.description, e.description_translations AS descriptions,
    e.domain::text AS domain, e.type_label, e.facilities, e.age_from, e.age_to, e.attendance::text AS attendance, e.online_url,
    e.venue_id, coalesce(v.name, '') AS venue, coalesce(v.street, '') AS street,
    coalesce(v.postal_code, '') AS postal_code, coalesce(v.locality, '') AS locality, e.made_here, e.published,
    coalesce(p.version, '') AS picture, coalesce(p.alt, '') AS alt, coalesce(p.alt_translations, '{}')::text AS alts, coalesce(p.credit, '') AS credit,
    coalesce(h.said, '{}') AS said, coalesce(h.at_source, '{}') AS at_source,
    e.source_record IS NOT NULL AS has_record,
    EXISTS (SELECT 1 FROM reservations.event_sale AS s WHERE s.region_id = $1 AND s.event_id = $3) AS sells_here,
    EXISTS (SELECT 1 FROM reservations.event_tariff AS t WHERE t.region_id = $1 AND t.event_id = $3) AS priced_here
FROM organisers.event AS e
LEFT JOIN organisers.venue AS v ON v.region_id = $1 AND v.id = e.venue_id
LEFT JOIN organisers.event_picture AS p ON p.region_id = $1 AND p.event_id = e.id
LEFT JOIN organisers.event_here AS h ON h.region_id = $1 AND h.event_id = e.id
WHERE e.region_id = $1 AND e.organiser_id = $2 AND e.id = $3;

-- name: list_activities
-- Without cards of turns, which are sold as activities: they stay as they were sold, and are found with what they are for.
SELECT e.id, e.name, e.domain::text AS domain, e.made_here, e.published, e.changed_at, coming.next_at, coming.dates
FROM organisers.event AS e
CROSS JOIN LATERAL (
    SELECT min(s.starts_at) AS next_at, count(*)::integer AS dates
    FROM reservations.session AS s
    WHERE s.region_id = $1 AND s.event_id = e.id AND s.ends_at > $3 AND s.status <> 'cancelled'
) AS coming
WHERE e.region_id = $1 AND e.organiser_id = $2
    AND ($4::timestamptz IS NULL OR (e.changed_at, e.id) < ($4, $5::uuid))
    AND NOT EXISTS (
        SELECT 1 FROM reservations.session AS s
        JOIN reservations.turn_card AS c ON c.region_id = $1 AND c.session_id = s.id
        WHERE s.region_id = $1 AND s.event_id = e.id
    )
ORDER BY e.changed_at DESC, e.id DESC
LIMIT $6;
