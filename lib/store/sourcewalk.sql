-- Rows against their source files, and who they are about.

-- name: sourcewalk_rejects
SELECT line FROM reject WHERE batch = :batch ORDER BY line

-- name: sourcewalk_person
SELECT r.id_number, r.name FROM employment e
JOIN registration r ON r.folio = e.folio AND r.person = e.person
WHERE e.person = :person ORDER BY e.folio DESC LIMIT 1

-- name: sourcewalk_employer
SELECT MAX(value) FROM employer_alias WHERE kind = 'credit-code' AND employer = :employer

-- name: sourcewalk_blobs
SELECT digest, kind, name FROM blob WHERE digest > :after ORDER BY digest LIMIT 50
