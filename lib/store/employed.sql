-- Who works where, and what is registered of them.

-- name: employed_last
SELECT COALESCE(MAX(person), 0) FROM employment

-- name: employed_open
-- Periods of some people that no form has ended, and whose registration still counts; of
-- people who have not retired. The newest word on a person and employer comes last.
SELECT e.person, e.employer, e.folio, e.since, f.form
FROM employment AS e JOIN folio AS f ON f.id = e.folio
WHERE e.person > :after AND e.person <= :last AND e.until IS NULL AND (:employer = 0 OR e.employer = :employer)
  AND f.confirmed_at <= :as_of AND (f.ended_at IS NULL OR f.ended_at > :as_of)
  AND NOT EXISTS (SELECT 1 FROM employment AS d JOIN folio AS g ON g.id = d.folio
    WHERE d.person = e.person AND d.employer = e.employer AND d.since = e.since AND d.until IS NOT NULL
      AND g.confirmed_at <= :as_of AND (g.ended_at IS NULL OR g.ended_at > :as_of))
  AND NOT EXISTS (SELECT 1 FROM replacement AS x JOIN registration AS r ON r.folio = x.folio AND r.person = x.subject AND r.line = x.line
    WHERE x.folio = e.folio AND x.subject = e.person AND r.insured_on = e.since AND x.at <= :as_of)
  AND NOT EXISTS (SELECT 1 FROM retirement AS t JOIN folio AS h ON h.id = t.folio
    WHERE t.person = e.person AND h.confirmed_at <= :as_of AND (h.ended_at IS NULL OR h.ended_at > :as_of))
  AND NOT EXISTS (SELECT 1 FROM assessment AS a JOIN folio AS h ON h.id = a.folio
    WHERE a.person = e.person AND h.sealed_at <= :as_of AND (h.ended_at IS NULL OR h.ended_at > :as_of))
ORDER BY e.person, e.employer, e.folio

-- name: employed_registered
SELECT r.person, f.employer, r.folio, r.insured_on, 'registration', r.line
FROM folio AS f JOIN registration AS r ON r.folio = f.id
WHERE f.id = :folio AND (r.person, r.line) > (:person, :line) AND (:employer = 0 OR f.employer = :employer)
ORDER BY r.person, r.line LIMIT :most

-- name: employed_changed
SELECT c.person, CASE c.kind WHEN 'move' THEN c.to_employer ELSE f.employer END, c.folio, c.month * 100 + 1, c.kind, c.line
FROM folio AS f JOIN employment_change AS c ON c.folio = f.id
WHERE f.id = :folio AND (c.person, c.line) > (:person, :line) AND c.kind IN ('join', 'move')
  AND (:employer = 0 OR CASE c.kind WHEN 'move' THEN c.to_employer ELSE f.employer END = :employer)
ORDER BY c.person, c.line LIMIT :most

-- name: employed_detail
SELECT r.id_number, r.name, r.status, r.payer, r.basis, r.sex, r.born, r.insured_on, r.worked_on,
  COALESCE((SELECT c.base_fen FROM employment_change AS c
    WHERE c.folio = :folio AND c.person = :person AND c.kind IN ('join', 'move') ORDER BY c.line DESC LIMIT 1), r.base_fen),
  r.deemed_months,
  (SELECT g.sealed_at <= :as_of FROM folio AS g WHERE g.id = :folio)
FROM employment AS e JOIN folio AS f ON f.id = e.folio
JOIN registration AS r ON r.folio = e.folio AND r.person = e.person
WHERE e.person = :person AND f.confirmed_at <= :as_of AND (f.ended_at IS NULL OR f.ended_at > :as_of)
  AND NOT EXISTS (SELECT 1 FROM replacement AS x
    WHERE x.folio = r.folio AND x.subject = r.person AND x.line = r.line AND x.at <= :as_of)
ORDER BY (e.employer = :employer) DESC, r.folio DESC, r.line DESC LIMIT 1
