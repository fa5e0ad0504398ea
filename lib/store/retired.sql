-- Who retired, by which row.

-- name: retired_of
-- By the form that brought them in, or as they were assessed: then the registration says
-- who they are.
SELECT u.id_number, u.name, u.basis, u.sex, u.born, u.worked_on, u.retired_on, u.benefit_from,
  u.paid_months, u.deemed_months, u.basic_fen, u.account_fen, u.transitional_fen, u.extra_fen, u.pension_fen,
  u.employer, u.folio, u.line, u.sealed
FROM (SELECT r.id_number, r.name, r.basis, r.sex, r.born, r.worked_on, r.retired_on, r.benefit_from,
    r.paid_months, r.deemed_months, r.basic_fen, r.account_fen, r.transitional_fen, r.extra_fen, r.pension_fen,
    f.employer, r.folio, r.line, f.sealed_at <= :as_of AS sealed, 0 AS told
  FROM retirement AS r JOIN folio AS f ON f.id = r.folio
  WHERE r.person = :person AND (:employer = 0 OR f.employer = :employer)
    AND f.confirmed_at <= :as_of AND (f.ended_at IS NULL OR f.ended_at > :as_of)
    AND NOT EXISTS (SELECT 1 FROM replacement AS x
      WHERE x.folio = r.folio AND x.subject = r.person AND x.line = r.line AND x.at <= :as_of)
  UNION ALL
  SELECT r.id_number, r.name, 'assessed', r.sex, r.born, r.worked_on, a.retired_on, a.benefit_from,
    a.paid_months, a.deemed_months, a.basic_fen, a.account_fen, a.transitional_fen, a.extra_fen, a.pension_fen,
    f.employer, a.folio, a.line, f.sealed_at <= :as_of, r.folio
  FROM assessment AS a JOIN folio AS f ON f.id = a.folio
    JOIN employment AS e ON e.person = a.person
    JOIN folio AS g ON g.id = e.folio
    JOIN registration AS r ON r.folio = e.folio AND r.person = e.person
  WHERE a.person = :person AND (:employer = 0 OR f.employer = :employer)
    AND f.confirmed_at <= :as_of AND (f.ended_at IS NULL OR f.ended_at > :as_of)
    AND g.confirmed_at <= :as_of AND (g.ended_at IS NULL OR g.ended_at > :as_of)
    AND NOT EXISTS (SELECT 1 FROM replacement AS x
      WHERE x.folio = r.folio AND x.subject = r.person AND x.line = r.line AND x.at <= :as_of)) AS u
ORDER BY u.folio DESC, u.line DESC, u.told DESC LIMIT 1

-- name: retired_first
SELECT MIN(u.folio) FROM (SELECT folio FROM retirement WHERE person = :person
    UNION ALL SELECT folio FROM assessment WHERE person = :person) AS u
  JOIN folio AS f ON f.id = u.folio
WHERE f.confirmed_at <= :as_of AND (f.ended_at IS NULL OR f.ended_at > :as_of)

-- name: retired_people
SELECT person FROM retirement WHERE folio = :folio AND person > :after
UNION SELECT person FROM assessment WHERE folio = :folio AND person > :after
ORDER BY person LIMIT :most
