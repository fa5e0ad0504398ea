-- Assessments that are there.

-- name: assessed_of_person
SELECT a.folio, a.line, f.batch, a.pension_fen, a.retired_on, a.benefit_from, a.provisional, a.trace,
  CASE WHEN f.sealed_at <= :as_of THEN 1 ELSE 0 END, a.route
FROM assessment AS a JOIN folio AS f ON f.id = a.folio
WHERE a.person = :person
  AND f.confirmed_at <= :as_of AND (f.ended_at IS NULL OR f.ended_at > :as_of)
ORDER BY a.folio DESC, a.line DESC LIMIT 1

-- name: assessed_by_form
SELECT MIN(r.folio) FROM retirement AS r JOIN folio AS f ON f.id = r.folio
WHERE r.person = :person
  AND f.confirmed_at <= :as_of AND (f.ended_at IS NULL OR f.ended_at > :as_of)
