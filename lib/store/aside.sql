-- Contributions that no employment period leads to.

-- name: aside_enter
-- scan: every folio, once for a batch, to know those that have not entered
-- A period counts once it has entered: until then it may be taken out again.
INSERT INTO contribution_aside (person, year, folio)
SELECT DISTINCT c.person, f.period, f.id
FROM folio AS f CROSS JOIN contribution AS c ON c.folio = f.id
WHERE f.batch = :batch AND f.form = 'breakdown' AND f.state IN ('staged', 'confirmed', 'held')
  AND NOT EXISTS (SELECT 1 FROM employment AS e
    WHERE e.person = c.person AND e.employer = f.employer
      AND e.folio NOT IN (SELECT id FROM folio WHERE confirmed_at IS NULL))

-- name: asidewalk_listed
SELECT 1 FROM contribution_aside WHERE person = :person AND year = :year AND folio = :folio
