-- Who retired, by which row.

-- name: retired_of
SELECT r.id_number, r.name, r.basis, r.sex, r.born, r.worked_on, r.retired_on, r.benefit_from,
  r.paid_months, r.deemed_months, r.basic_fen, r.account_fen, r.transitional_fen, r.extra_fen, r.pension_fen,
  f.employer, r.folio, r.line, f.sealed_at <= :as_of
FROM retirement AS r JOIN folio AS f ON f.id = r.folio
WHERE r.person = :person AND (:employer = 0 OR f.employer = :employer)
  AND f.confirmed_at <= :as_of AND (f.ended_at IS NULL OR f.ended_at > :as_of)
  AND NOT EXISTS (SELECT 1 FROM replacement AS x
    WHERE x.folio = r.folio AND x.subject = r.person AND x.line = r.line AND x.at <= :as_of)
ORDER BY r.folio DESC, r.line DESC LIMIT 1

-- name: retired_people
SELECT DISTINCT person FROM retirement WHERE folio = :folio AND person > :after ORDER BY person LIMIT :most
