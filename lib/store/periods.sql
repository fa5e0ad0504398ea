-- Employment periods, as they are kept, and who retired when.

-- name: periods_slice
SELECT person, employer, since, folio, until FROM employment
WHERE (person, employer, since, folio) > (:person, :employer, :since, :folio)
ORDER BY person, employer, since, folio LIMIT :most

-- name: periods_retirements
SELECT folio, person, line, retired_on FROM retirement
WHERE (folio, person, line) > (:folio, :person, :line)
ORDER BY folio, person, line LIMIT :most
