-- What told of people, and what is kept to find them by.

-- name: toldwalk_registrations
SELECT folio, person, line, id_number, name, sex FROM registration
WHERE (folio, person, line) > (:folio, :person, :line)
ORDER BY folio, person, line LIMIT :most

-- name: toldwalk_retirements
SELECT folio, person, line, id_number FROM retirement
WHERE (folio, person, line) > (:folio, :person, :line)
ORDER BY folio, person, line LIMIT :most

-- name: toldwalk_aliases
SELECT kind, value, person, batch FROM person_alias
WHERE (kind, value, person) > (:kind, :value, :person)
ORDER BY kind, value, person LIMIT :most

-- name: toldwalk_numbers
SELECT id, batch FROM person WHERE id > :after ORDER BY id LIMIT :most

-- name: toldwalk_number
SELECT batch FROM person WHERE id = :person

-- name: toldwalk_batch
SELECT state FROM batch WHERE id = :batch
