-- Everybody there is, for an import.

-- name: persons_next
SELECT COALESCE(MAX(id), 0) + 1 FROM person

-- name: persons_ids
SELECT value, person FROM person_alias
WHERE kind = 'citizen-id' AND value > :after ORDER BY value, person LIMIT :most

-- name: persons_folios
-- scan: every folio, to know those that count, or counted at an index
SELECT id FROM folio
WHERE confirmed_at <= :as_of AND (ended_at IS NULL OR ended_at > :as_of) ORDER BY id

-- name: persons_registered
SELECT folio, person, line, name, insured_on, payer FROM registration
WHERE (folio, person, line) > (:folio, :person, :line)
ORDER BY folio, person, line LIMIT :most
