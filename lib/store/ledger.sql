-- Accounts: what years came to, and what of the rows is shown.

-- name: ledger_opening
SELECT o.personal_principal_fen, o.personal_interest_fen, o.unit_principal_fen, o.unit_interest_fen
FROM opening AS o
WHERE o.folio = :folio AND o.person = :person AND o.year = :year
  AND NOT EXISTS (SELECT 1 FROM replacement AS r
    WHERE r.folio = o.folio AND r.subject = o.person AND r.line = o.line AND r.at <= :as_of)

-- name: ledger_balance
SELECT m.personal_principal_fen, m.personal_interest_fen, m.unit_principal_fen, m.unit_interest_fen
FROM movement AS m
WHERE m.folio = :folio AND m.person = :person AND m.year = :year AND m.kind = 'balance'
  AND NOT EXISTS (SELECT 1 FROM replacement AS r
    WHERE r.folio = m.folio AND r.subject = m.person AND r.line = m.line AND r.at <= :as_of)

-- name: ledger_contributed
-- At the employers that the person was with, and what stands aside of that.
SELECT f.id FROM (SELECT t.id FROM employment AS e JOIN folio AS t ON t.employer = e.employer AND t.form = 'breakdown' AND t.period = :year
      WHERE e.person = :person
      UNION SELECT a.folio FROM contribution_aside AS a WHERE a.person = :person AND a.year = :year) AS u
CROSS JOIN folio AS f ON f.id = u.id
WHERE f.form = 'breakdown' AND f.period = :year
  AND f.confirmed_at <= :as_of AND (f.ended_at IS NULL OR f.ended_at > :as_of)
  AND EXISTS (SELECT 1 FROM contribution AS c WHERE c.folio = f.id AND c.person = :person)
ORDER BY f.id

-- name: ledger_late
-- of a year, what was sealed after a settlement was drawn up; what a case changed was
-- settled again with it
SELECT f.id FROM (SELECT t.id FROM employment AS e JOIN folio AS t ON t.employer = e.employer AND t.form = 'breakdown' AND t.period = :year
      WHERE e.person = :person
      UNION SELECT a.folio FROM contribution_aside AS a WHERE a.person = :person AND a.year = :year) AS u
CROSS JOIN folio AS f ON f.id = u.id
CROSS JOIN folio AS s ON s.id = :folio
CROSS JOIN batch AS b ON b.id = s.batch
WHERE f.form = 'breakdown' AND f.period = :year
  AND f.sealed_at > b.reference_at AND f.batch <> s.batch
  AND f.sealed_at <= :as_of AND (f.ended_at IS NULL OR f.ended_at > :as_of)
  AND EXISTS (SELECT 1 FROM contribution AS c WHERE c.folio = f.id AND c.person = :person)
ORDER BY f.id

-- name: ledger_held
SELECT id FROM folio
WHERE form = 'breakdown' AND period = :year AND state = 'held'
ORDER BY id

-- name: ledger_any_replaced
SELECT 1 FROM replacement WHERE folio = :folio AND at <= :as_of LIMIT 1

-- name: ledger_replace
INSERT INTO replacement (folio, subject, line, at, by_folio, by_line)
SELECT o.folio, o.person, o.line, :at, :by_folio,
  (SELECT MAX(n.line) FROM movement AS n
   WHERE n.folio = :by_folio AND n.person = o.person AND n.kind IN (o.kind, 'balance')
     AND (n.kind = o.kind OR NOT EXISTS
       (SELECT 1 FROM movement AS s WHERE s.folio = :by_folio AND s.person = o.person AND s.kind = o.kind)))
FROM movement AS o WHERE o.folio = :folio AND o.person = :person
  AND NOT EXISTS (SELECT 1 FROM replacement AS r
    WHERE r.folio = o.folio AND r.subject = o.person AND r.line = o.line)
