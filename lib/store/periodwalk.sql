-- Employment periods, and what told of them.

-- name: periodwalk_registrations
SELECT folio, person, line, insured_on FROM registration
WHERE (folio, person, line) > (:folio, :person, :line)
ORDER BY folio, person, line LIMIT :most

-- name: periodwalk_changes
SELECT folio, person, line, since, kind, month, to_employer FROM employment_change
WHERE (folio, person, line) > (:folio, :person, :line)
ORDER BY folio, person, line LIMIT :most
