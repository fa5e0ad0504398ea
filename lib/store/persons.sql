-- Everybody there is, for an import.

-- name: persons_ids
SELECT value, person FROM person_alias
WHERE kind = 'citizen-id' AND value > :after ORDER BY value, person LIMIT :most
