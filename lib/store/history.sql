-- What a settlement goes on from.

-- name: history_employer
SELECT e.employer FROM employment AS e JOIN folio AS f ON f.id = e.folio
WHERE e.person = :person
  AND f.confirmed_at <= :as_of AND (f.ended_at IS NULL OR f.ended_at > :as_of)
ORDER BY e.since DESC, e.folio DESC LIMIT 1
