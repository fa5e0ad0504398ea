-- Accounts that were merged into others.

-- name: merged_into
-- Whose account ended has a balance of the same folio, which is nothing.
SELECT m.person, m.folio, m.personal_principal_fen, m.personal_interest_fen, m.unit_principal_fen, m.unit_interest_fen
FROM folio AS f JOIN movement AS m ON m.folio = f.id
WHERE f.form = 'merge' AND f.period = :year
  AND f.sealed_at <= :as_of AND (f.ended_at IS NULL OR f.ended_at > :as_of)
  AND m.kind = 'merge' AND (:person = 0 OR m.person = :person)
  AND NOT EXISTS (SELECT 1 FROM movement AS b WHERE b.folio = m.folio AND b.person = m.person AND b.kind = 'balance')
ORDER BY m.person, m.folio

-- name: merged_numbers
-- Whose accounts went into that of one person. A merge lies with an employer whom the
-- person was with (ending.c): through these, and not through all merges of the store.
SELECT b.person, f.id
FROM (SELECT DISTINCT e.employer FROM employment AS e WHERE e.person = :person) AS w
CROSS JOIN folio AS f ON f.employer = w.employer AND f.form = 'merge'
CROSS JOIN movement AS m ON m.folio = f.id AND m.person = :person AND m.kind = 'merge'
CROSS JOIN movement AS b ON b.folio = f.id AND b.person <> m.person AND b.kind = 'balance'
WHERE f.sealed_at <= :as_of AND (f.ended_at IS NULL OR f.ended_at > :as_of)
ORDER BY f.id, b.person
