-- Accounts that are closed.

-- name: closing_pensioner
-- Records of a pension that are not sealed.
SELECT r.folio FROM retirement AS r JOIN folio AS f ON f.id = r.folio
WHERE r.person = :person AND f.confirmed_at <= :as_of AND (f.sealed_at IS NULL OR f.sealed_at > :as_of)
  AND (f.ended_at IS NULL OR f.ended_at > :as_of)
UNION SELECT a.folio FROM assessment AS a JOIN folio AS g ON g.id = a.folio
WHERE a.person = :person AND g.confirmed_at <= :as_of AND (g.sealed_at IS NULL OR g.sealed_at > :as_of)
  AND (g.ended_at IS NULL OR g.ended_at > :as_of)
ORDER BY 1 LIMIT 1
