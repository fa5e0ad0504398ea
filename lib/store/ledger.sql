-- Accounts: where each person's balances stand, and what of the rows is shown.

-- name: ledger_folios
SELECT id, form, sealed_at, confirmed_at FROM folio
WHERE form IN ('opening', 'settlement', 'close-out', 'merge')
  AND confirmed_at <= :as_of AND (ended_at IS NULL OR ended_at > :as_of)
ORDER BY id

-- name: ledger_accounts
SELECT person, year, folio FROM account_year
WHERE (person, year, folio) > (:person, :year, :folio)
ORDER BY person, year, folio LIMIT :most

-- name: ledger_amended_openings
-- Openings that cases made new versions of.
SELECT x.subject, x.folio, x.by_folio, o.confirmed_at
FROM folio AS o JOIN replacement AS x ON x.folio = o.id
WHERE o.form = 'opening' AND x.at <= :as_of
ORDER BY x.subject, x.folio

-- name: ledger_accounts_of
-- A new version of an opening stands where the one that it replaced stood: it came in
-- when that did.
SELECT a.person, a.year, a.folio, f.form,
  CASE WHEN f.batch = :batch OR (:batch <> 0 AND EXISTS (SELECT 1 FROM batch AS b WHERE b.id = f.batch AND b.amendment IS NOT NULL))
    THEN f.confirmed_at ELSE f.sealed_at END,
  COALESCE((SELECT MIN(o.confirmed_at) FROM account_year AS w
    JOIN replacement AS x ON x.folio = w.folio AND x.subject = w.person AND x.at <= :as_of
    JOIN folio AS o ON o.id = w.folio AND o.form = 'opening'
    WHERE w.person = a.person AND w.year = a.year AND f.form = 'opening'), f.confirmed_at)
FROM account_year AS a JOIN folio AS f ON f.id = a.folio
WHERE a.person = :person
  AND f.confirmed_at <= :as_of AND (f.ended_at IS NULL OR f.ended_at > :as_of)
  AND (f.batch <> :batch OR f.form <> 'settlement')
  AND (f.form <> 'opening' OR NOT EXISTS (SELECT 1 FROM replacement AS x
    WHERE x.folio = a.folio AND x.subject = a.person AND x.at <= :as_of))
ORDER BY a.year, a.folio

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

-- name: ledger_enter
INSERT INTO account_year (person, year, folio) VALUES (:person, :year, :folio)
