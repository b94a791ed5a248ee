-- name: next_number
SELECT nextval('labels.award_number');

-- name: free_from
SELECT greatest($4::date, max(least(withdrawn_on, ends_on + 1)))
FROM labels.award
WHERE programme = $1 AND refnis = $2 AND kind = $3::text::labels.kind;

-- name: insert_award
INSERT INTO labels.award (decision_id, dossier_id, programme, refnis, kind, number, starts_on, ends_on)
VALUES ($1, $2, $3, $4, $5::text::labels.kind, $6, $7, ($7::date + make_interval(years => $8) - interval '1 day')::date)
RETURNING kind, number, starts_on, ends_on, withdrawn_on;

-- name: end_award
UPDATE labels.award SET withdrawn_on = greatest($3::date, starts_on)
WHERE dossier_id = $1 AND kind = $2::text::labels.kind AND withdrawn_on IS NULL;

-- name: read_awards
SELECT kind, number, starts_on, ends_on, withdrawn_on FROM labels.award WHERE dossier_id = $1 ORDER BY kind;
