-- Statements that were handed out.

-- name: issues_next
SELECT COALESCE(MAX(id), 0) + 1 FROM statement_issue

-- name: issues_enter
INSERT INTO statement_issue (id, at, form, year, employer, person, as_of, on_date, digest)
VALUES (:id, :at, :form, :year, :employer, :person, :as_of, :on, :digest)

-- name: issues_find
SELECT i.id, i.at, i.form, i.year, i.employer, i.person, i.as_of, i.on_date, i.digest, j.time
FROM statement_issue AS i LEFT JOIN journal AS j ON j.at = i.at
WHERE i.id = :id

-- name: issues_newest_of_person
SELECT i.id, i.at, i.form, i.year, i.employer, i.person, i.as_of, i.on_date, i.digest, j.time
FROM statement_issue AS i LEFT JOIN journal AS j ON j.at = i.at
WHERE i.person = :whom AND i.year = :year
ORDER BY i.id DESC LIMIT 1

-- name: issues_newest_of_employer
SELECT i.id, i.at, i.form, i.year, i.employer, i.person, i.as_of, i.on_date, i.digest, j.time
FROM statement_issue AS i LEFT JOIN journal AS j ON j.at = i.at
WHERE i.employer = :whom AND i.year = :year
ORDER BY i.id DESC LIMIT 1
