-- Who is waited for.

-- name: ready_employer_name
-- scan: some thousand employers, looked through only for one that is waited for
SELECT name FROM employer_record WHERE employer = :employer ORDER BY folio DESC LIMIT 1
