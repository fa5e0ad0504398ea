-- Which rows a proof shows: where somebody's rows lie, and the row that says who that is.

-- name: proving_folios
-- the year's breakdowns of the employers that somebody was with
SELECT f.id FROM folio AS f
WHERE f.form = 'breakdown' AND f.period = :year
  AND f.employer IN (SELECT e.employer FROM employment AS e WHERE e.person = :person)
  AND f.confirmed_at IS NOT NULL AND f.ended_at IS NULL
ORDER BY f.id

-- name: proving_folios_of
SELECT f.id FROM folio AS f
WHERE f.employer = :employer AND f.form = 'breakdown' AND f.period = :year
  AND f.confirmed_at IS NOT NULL AND f.ended_at IS NULL
ORDER BY f.id

-- name: proving_registration
-- the newest that is sealed; else the newest
SELECT r.folio, r.line FROM employment AS e
  JOIN folio AS f ON f.id = e.folio
  JOIN registration AS r ON r.folio = e.folio AND r.person = e.person
WHERE e.person = :subject AND f.confirmed_at IS NOT NULL AND f.ended_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM replacement AS x WHERE x.folio = r.folio AND x.subject = r.person AND x.line = r.line)
ORDER BY CASE WHEN f.sealed_at IS NULL THEN 1 ELSE 0 END, r.folio DESC, r.line DESC LIMIT 1

-- name: proving_employer
SELECT r.folio, r.line FROM folio AS f
  JOIN employer_record AS r ON r.folio = f.id AND r.employer = :subject
WHERE f.form = 'employer' AND f.confirmed_at IS NOT NULL AND f.ended_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM replacement AS x WHERE x.folio = r.folio AND x.subject = r.employer AND x.line = r.line)
ORDER BY CASE WHEN f.sealed_at IS NULL THEN 1 ELSE 0 END, r.folio DESC, r.line DESC LIMIT 1
