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

-- name: careers_contributions
-- Of all their years at once, since a look at each folio for itself took a third of an
-- assessment: at the employers that they were with, and what stands aside of that; the rows
-- that are not replaced, as pen_ledger has them. CROSS JOIN: from the person to the folios,
-- never through all the folios of these years.
SELECT f.id, f.period, CASE WHEN f.sealed_at <= :as_of THEN 1 ELSE 0 END, c.line, c.kind, c.base_fen, c.months, c.for_year
FROM (SELECT t.id FROM employment AS e
      CROSS JOIN folio AS t ON t.employer = e.employer AND t.form = 'breakdown' AND t.period BETWEEN :first AND :last
      WHERE e.person = :person
      UNION SELECT a.folio FROM contribution_aside AS a WHERE a.person = :person AND a.year BETWEEN :first AND :last) AS u
CROSS JOIN folio AS f ON f.id = u.id
CROSS JOIN contribution AS c ON c.folio = f.id AND c.person = :person
WHERE f.form = 'breakdown' AND f.period BETWEEN :first AND :last
  AND f.confirmed_at <= :as_of AND (f.ended_at IS NULL OR f.ended_at > :as_of)
  AND NOT EXISTS (SELECT 1 FROM replacement AS x
    WHERE x.folio = c.folio AND x.subject = c.person AND x.line = c.line AND x.at <= :as_of)
ORDER BY f.period, f.id, c.line

-- name: careers_employer
SELECT e.employer FROM employment AS e JOIN folio AS f ON f.id = e.folio
WHERE e.person = :person
  AND f.confirmed_at <= :as_of AND (f.ended_at IS NULL OR f.ended_at > :as_of)
ORDER BY e.since DESC, e.folio DESC LIMIT 1
