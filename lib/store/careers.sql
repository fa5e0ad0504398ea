-- Who somebody is who is to retire, and where they worked.

-- name: careers_registrations
SELECT r.folio, r.line, r.sex, r.born, r.insured_on, r.worked_on, r.status, r.payer, r.deemed_months,
  CASE WHEN f.sealed_at <= :as_of THEN 1 ELSE 0 END
FROM employment AS e
  JOIN folio AS f ON f.id = e.folio
  JOIN registration AS r ON r.folio = e.folio AND r.person = e.person
WHERE e.person = :person
  AND f.confirmed_at <= :as_of AND (f.ended_at IS NULL OR f.ended_at > :as_of)
  AND NOT EXISTS (SELECT 1 FROM replacement AS x
    WHERE x.folio = r.folio AND x.subject = r.person AND x.line = r.line AND x.at <= :as_of)
ORDER BY r.folio, r.line

-- name: careers_opening
-- The newest that says what was paid for before the store.
SELECT o.folio, o.line, o.year, o.paid_months, o.wage_index, CASE WHEN f.sealed_at <= :as_of THEN 1 ELSE 0 END,
  (SELECT MAX(s.seal) FROM seal_folio AS s WHERE s.folio = o.folio)
FROM account_year AS a
  JOIN folio AS f ON f.id = a.folio AND f.form = 'opening'
  JOIN opening AS o ON o.folio = a.folio AND o.person = a.person AND o.year = a.year
WHERE a.person = :person AND o.paid_months IS NOT NULL
  AND f.confirmed_at <= :as_of AND (f.ended_at IS NULL OR f.ended_at > :as_of)
  AND NOT EXISTS (SELECT 1 FROM replacement AS x
    WHERE x.folio = o.folio AND x.subject = o.person AND x.line = o.line AND x.at <= :as_of)
ORDER BY o.year DESC, o.folio DESC, o.line DESC LIMIT 1

-- name: careers_employer
SELECT e.employer FROM employment AS e JOIN folio AS f ON f.id = e.folio
WHERE e.person = :person
  AND f.confirmed_at <= :as_of AND (f.ended_at IS NULL OR f.ended_at > :as_of)
ORDER BY e.since DESC, e.folio DESC LIMIT 1
