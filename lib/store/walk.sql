-- Who a row is about.

-- name: walk_person
SELECT r.id_number, r.name FROM employment e
JOIN registration r ON r.folio = e.folio AND r.person = e.person
WHERE e.person = :person ORDER BY e.folio DESC LIMIT 1

-- name: walk_employer
SELECT value FROM employer_alias WHERE kind = 'credit-code' AND employer = :employer
ORDER BY batch, value LIMIT 1

-- name: walk_id
SELECT MAX(registration.id_number) FROM employment
JOIN registration ON registration.folio = employment.folio AND registration.person = employment.person
WHERE employment.person = :person
