-- Employment periods, and what told of them.

-- name: periodwalk_folios
-- scan: every folio, to know its employer
SELECT id, employer FROM folio WHERE employer IS NOT NULL ORDER BY id

-- name: periodwalk_registrations
SELECT folio, person, line, insured_on FROM registration
WHERE (folio, person, line) > (:folio, :person, :line)
ORDER BY folio, person, line LIMIT :most

-- name: periodwalk_changes
SELECT folio, person, line, since, kind, month, to_employer FROM employment_change
WHERE (folio, person, line) > (:folio, :person, :line)
ORDER BY folio, person, line LIMIT :most

-- name: periodwalk_periods
SELECT person, employer, since, folio, until FROM employment
WHERE (person, employer, since, folio) > (:person, :employer, :since, :folio)
ORDER BY person, employer, since, folio LIMIT :most
