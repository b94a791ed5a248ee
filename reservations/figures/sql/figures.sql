-- name: read_figures
-- What was sold of a session by tariff and VAT code. What a line cost is spread over the people of its tickets; those that ended
-- count no more. A tariff of which nothing was sold is there too: a list of those that were sold tells that somebody paid one.
-- $4: the day for which the rate is.
SELECT t.code AS tariff, t.name, t.price_cents, coalesce(sold.vat, '') AS vat, coalesce(sold.rate_bp, 0) AS rate_bp,
    coalesce(sold.expected, 0) AS expected, coalesce(sold.inside, 0) AS inside, coalesce(sold.gross_cents, 0) AS gross_cents,
    coalesce(sold.credit_cents, 0) AS credit_cents
FROM reservations.session AS s
JOIN reservations.tariff AS t ON t.region_id = $1 AND t.session_id = s.id
LEFT JOIN LATERAL (
    SELECT coalesce(v.name, '') AS vat, coalesce(v.rate_bp, 0) AS rate_bp,
        coalesce(sum(k.people), 0)::integer AS expected, coalesce(sum(k.inside), 0)::integer AS inside,
        coalesce(sum(l.price_cents::bigint * k.people / k.all_people), 0)::bigint AS gross_cents,
        coalesce(sum(l.credit_cents::bigint * k.people / k.all_people), 0)::bigint AS credit_cents
    FROM (
        SELECT booking_id, line_no, sum(weight)::integer AS all_people,
            coalesce(sum(weight) FILTER (WHERE status IN ('confirmed', 'attended', 'no_show')), 0)::integer AS people,
            coalesce(sum(weight) FILTER (WHERE status = 'attended'), 0)::integer AS inside
        FROM reservations.ticket
        WHERE region_id = $1 AND session_id = $3
        GROUP BY booking_id, line_no
    ) AS k
    JOIN reservations.line AS l
        ON l.region_id = $1 AND l.booking_id = k.booking_id AND l.no = k.line_no AND l.tariff_code = t.code
    LEFT JOIN credits.vat_code AS v
        ON v.code = l.vat_code AND v.starts_on <= $4 AND (v.ends_on IS NULL OR v.ends_on >= $4)
    GROUP BY v.name, v.rate_bp
) AS sold ON true
WHERE s.region_id = $1 AND s.organiser_id = $2 AND s.id = $3
ORDER BY t.rank, t.code, sold.rate_bp;
