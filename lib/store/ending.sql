-- Accounts that end by an act.

-- name: ending_standing
-- What ends an account already, sealed or not.
SELECT f.id FROM account_year AS a JOIN folio AS f ON f.id = a.folio AND f.form IN ('merge', 'close-out')
WHERE a.person = :person AND f.confirmed_at <= :as_of AND (f.ended_at IS NULL OR f.ended_at > :as_of)
ORDER BY f.id LIMIT 1
