-- Accounts that are closed.

-- name: closing_standing
SELECT f.id FROM account_year AS a JOIN folio AS f ON f.id = a.folio AND f.form = 'close-out'
WHERE a.person = :person AND f.confirmed_at <= :as_of AND (f.ended_at IS NULL OR f.ended_at > :as_of)
ORDER BY f.id LIMIT 1

-- name: closing_pensioner
SELECT r.folio FROM retirement AS r JOIN folio AS f ON f.id = r.folio
WHERE r.person = :person AND f.confirmed_at <= :as_of AND (f.ended_at IS NULL OR f.ended_at > :as_of)
ORDER BY r.folio LIMIT 1
