-- Employment periods, as they are kept, and who retired when.

-- name: periods_slice
SELECT person, employer, since, folio, until FROM employment
WHERE (person, employer, since, folio) > (:person, :employer, :since, :folio)
ORDER BY person, employer, since, folio LIMIT :most

-- name: periods_retirements
SELECT folio, person, line, retired_on FROM retirement
WHERE (folio, person, line) > (:folio, :person, :line)
ORDER BY folio, person, line LIMIT :most

-- name: periods_assessments
-- Nobody is retired by an assessment before it is sealed.
SELECT a.folio, a.person, a.line, a.retired_on FROM assessment AS a JOIN folio AS f ON f.id = a.folio
WHERE (a.folio, a.person, a.line) > (:folio, :person, :line) AND f.sealed_at IS NOT NULL AND f.ended_at IS NULL
ORDER BY a.folio, a.person, a.line LIMIT :most
