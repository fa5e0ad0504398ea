-- Registrations that count.

-- name: registered_folios
-- scan: every folio, to know those that count, or counted at an index
SELECT id, CASE WHEN form = 'registration' THEN rows ELSE 0 END, employer FROM folio
WHERE confirmed_at <= :as_of AND (ended_at IS NULL OR ended_at > :as_of) ORDER BY id

-- name: registered_rows
SELECT folio, person, name, insured_on, payer, born, sex FROM registration
WHERE folio BETWEEN :first AND :last ORDER BY folio, person, line

-- name: registered_next
-- scan: numbers are counted, a few bytes each
SELECT COALESCE(MAX(id), 0) + 1, (SELECT COUNT(*) FROM person) FROM person
