-- The row that somebody points at.

-- name: pointed_breakdown
-- By the employer: a state that is compared as it stands would have all of the year's
-- breakdowns looked through, by folio_form.
SELECT f.id, f.employer, f.period, c.line, f.state
FROM (SELECT e.employer FROM employment AS e WHERE e.person = :person UNION SELECT CAST(:employer AS BIGINT)) AS w
CROSS JOIN folio AS f ON f.employer = w.employer AND f.form = 'breakdown' AND f.period = :year
CROSS JOIN contribution AS c ON c.folio = f.id AND c.person = :person
WHERE COALESCE(f.state, '') IN ('confirmed', 'sealed')
  AND f.employer = COALESCE(:employer, f.employer) AND f.id = COALESCE(:folio, f.id) AND c.line = COALESCE(:line, c.line)
  AND NOT EXISTS (SELECT 1 FROM replacement AS x WHERE x.folio = c.folio AND x.subject = c.person AND x.line = c.line)
ORDER BY f.id, c.line

-- name: pointed_registration
SELECT DISTINCT f.id, f.employer, f.period, r.line, f.state
FROM employment AS e JOIN folio AS f ON f.id = e.folio JOIN registration AS r ON r.folio = e.folio AND r.person = e.person
WHERE e.person = :person AND f.form = 'registration' AND f.state IN ('confirmed', 'sealed') AND f.period = COALESCE(:year, f.period)
  AND COALESCE(f.employer, e.employer) = COALESCE(:employer, f.employer, e.employer) AND f.id = COALESCE(:folio, f.id)
  AND r.line = COALESCE(:line, r.line)
  AND NOT EXISTS (SELECT 1 FROM replacement AS x WHERE x.folio = r.folio AND x.subject = r.person AND x.line = r.line)
ORDER BY f.id, r.line

-- name: pointed_employer
SELECT f.id, f.employer, f.period, r.line, f.state
FROM folio AS f JOIN employer_record AS r ON r.folio = f.id AND r.employer = :employer
WHERE f.form = 'employer' AND f.state IN ('confirmed', 'sealed') AND f.period = COALESCE(:year, f.period)
  AND f.id = COALESCE(:folio, f.id) AND r.line = COALESCE(:line, r.line) AND :person IS NULL
  AND NOT EXISTS (SELECT 1 FROM replacement AS x WHERE x.folio = r.folio AND x.subject = r.employer AND x.line = r.line)
ORDER BY f.id, r.line

-- name: pointed_opening
SELECT f.id, f.employer, f.period, o.line, f.state
FROM account_year AS y JOIN folio AS f ON f.id = y.folio JOIN opening AS o ON o.folio = f.id AND o.person = y.person
WHERE y.person = :person AND f.form = 'opening' AND f.state IN ('confirmed', 'sealed') AND y.year = COALESCE(:year, y.year)
  AND (f.employer IS NULL OR f.employer = COALESCE(:employer, f.employer)) AND f.id = COALESCE(:folio, f.id)
  AND o.line = COALESCE(:line, o.line)
  AND NOT EXISTS (SELECT 1 FROM replacement AS x WHERE x.folio = o.folio AND x.subject = o.person AND x.line = o.line)
ORDER BY f.id, o.line

-- name: pointed_retirement
SELECT f.id, f.employer, f.period, r.line, f.state
FROM retirement AS r JOIN folio AS f ON f.id = r.folio
WHERE r.person = :person AND f.state IN ('confirmed', 'sealed') AND f.period = COALESCE(:year, f.period)
  AND (f.employer IS NULL OR f.employer = COALESCE(:employer, f.employer)) AND f.id = COALESCE(:folio, f.id)
  AND r.line = COALESCE(:line, r.line)
  AND NOT EXISTS (SELECT 1 FROM replacement AS x WHERE x.folio = r.folio AND x.subject = r.person AND x.line = r.line)
ORDER BY f.id, r.line

-- name: pointed_payer
SELECT r.payer
FROM employment AS e JOIN folio AS f ON f.id = e.folio JOIN registration AS r ON r.folio = e.folio AND r.person = e.person
WHERE e.person = :person AND f.state IN ('confirmed', 'sealed')
  AND NOT EXISTS (SELECT 1 FROM replacement AS x WHERE x.folio = r.folio AND x.subject = r.person AND x.line = r.line)
ORDER BY r.folio DESC, r.line DESC LIMIT 1

-- name: pointed_area
SELECT r.area
FROM folio AS f JOIN employer_record AS r ON r.folio = f.id
  AND r.employer = COALESCE(:employer, (SELECT e.employer FROM employment AS e WHERE e.person = :person ORDER BY e.since DESC, e.folio DESC LIMIT 1))
WHERE f.form = 'employer' AND f.state IN ('confirmed', 'sealed')
  AND NOT EXISTS (SELECT 1 FROM replacement AS x WHERE x.folio = r.folio AND x.subject = r.employer AND x.line = r.line)
ORDER BY r.folio DESC, r.line DESC LIMIT 1
