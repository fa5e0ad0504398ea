-- What is entered of employers and people, as of a journal index.

-- name: particulars_employers
-- scan: every employer that was entered; the newest word on each comes last
SELECT r.employer, r.insured_on, r.newly_covered, r.pseudo_unit, r.area
FROM employer_record AS r JOIN folio AS f ON f.id = r.folio
WHERE f.confirmed_at <= :as_of AND (f.ended_at IS NULL OR f.ended_at > :as_of)
ORDER BY r.folio, r.employer, r.line

-- name: particulars_successions
-- scan: there are few
SELECT s.employer, s.successor, s.since,
  (SELECT MAX(a.value) FROM employer_alias AS a WHERE a.kind = 'credit-code' AND a.employer = s.successor)
FROM succession AS s JOIN folio AS f ON f.id = s.folio
WHERE f.confirmed_at <= :as_of AND (f.ended_at IS NULL OR f.ended_at > :as_of)
ORDER BY s.folio, s.employer, s.line

-- name: particulars_retired
-- scan: everybody who retired, once for a file about people
SELECT r.person, r.retired_on FROM retirement AS r JOIN folio AS f ON f.id = r.folio
WHERE f.confirmed_at <= :as_of AND (f.ended_at IS NULL OR f.ended_at > :as_of)
  AND NOT EXISTS (SELECT 1 FROM replacement AS x
    WHERE x.folio = r.folio AND x.subject = r.person AND x.line = r.line AND x.at <= :as_of)
UNION ALL
SELECT a.person, a.retired_on FROM assessment AS a JOIN folio AS f ON f.id = a.folio
WHERE f.sealed_at <= :as_of AND (f.ended_at IS NULL OR f.ended_at > :as_of)

-- name: particulars_left
-- scan: every change of employment, once for a file about people
SELECT c.person, c.month, c.reason FROM employment_change AS c JOIN folio AS f ON f.id = c.folio
WHERE c.kind = 'leave' AND c.reason IN ('death', 'retirement')
  AND f.confirmed_at <= :as_of AND (f.ended_at IS NULL OR f.ended_at > :as_of)

-- name: particulars_retirement
SELECT r.folio, f.employer, r.person, r.line, r.id_number, r.name, r.sex, r.born, r.worked_on, r.retired_on,
  r.benefit_from, r.basis, r.paid_months, r.deemed_months, r.basic_fen, r.account_fen,
  r.transitional_fen, r.extra_fen, r.pension_fen
FROM retirement AS r JOIN folio AS f ON f.id = r.folio
WHERE r.person = :person
  AND f.confirmed_at <= :as_of AND (f.ended_at IS NULL OR f.ended_at > :as_of)
  AND NOT EXISTS (SELECT 1 FROM replacement AS x
    WHERE x.folio = r.folio AND x.subject = r.person AND x.line = r.line AND x.at <= :as_of)
ORDER BY r.folio DESC, r.line DESC LIMIT 1

-- name: particulars_period
SELECT MAX(e.since) FROM employment AS e JOIN folio AS f ON f.id = e.folio
WHERE e.person = :person AND e.employer = :employer AND e.until IS NULL
  AND f.confirmed_at <= :as_of AND (f.ended_at IS NULL OR f.ended_at > :as_of)
  AND NOT EXISTS (SELECT 1 FROM employment AS d JOIN folio AS g ON g.id = d.folio
    WHERE d.person = e.person AND d.employer = e.employer AND d.since = e.since AND d.until IS NOT NULL
      AND g.confirmed_at <= :as_of AND (g.ended_at IS NULL OR g.ended_at > :as_of))
