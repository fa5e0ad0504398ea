-- What an import knows of employers and people.

-- name: reference_employers
SELECT value, employer FROM employer_alias WHERE kind = 'credit-code' ORDER BY value, employer

-- name: reference_entered
-- scan: every employer that was entered; the newest word on each comes last
SELECT r.employer, r.area FROM employer_record AS r JOIN folio AS f ON f.id = r.folio
WHERE f.state IN ('confirmed', 'sealed')
ORDER BY r.folio, r.employer, r.line

-- name: reference_next_employer
SELECT COALESCE(MAX(id), 0) + 1 FROM employer

-- name: reference_name
-- The newest word on how somebody is called.
SELECT r.name FROM employment AS e
  JOIN folio AS f ON f.id = e.folio
  JOIN registration AS r ON r.folio = e.folio AND r.person = e.person
WHERE e.person = :person AND f.state IN ('confirmed', 'sealed')
ORDER BY r.folio DESC, r.line DESC LIMIT 1

-- name: reference_levy_known
SELECT 1 FROM levy AS l JOIN folio AS f ON f.id = l.folio
WHERE l.voucher = :voucher AND l.employer = :employer AND l.year = :year
  AND l.insurance = :insurance AND l.amount_fen = :amount_fen
  AND f.state IN ('confirmed', 'sealed')
LIMIT 1

-- name: reference_employed
SELECT 1 FROM employment AS e JOIN folio AS f ON f.id = e.folio
WHERE e.person = :person AND e.employer = :employer AND e.since = :since
  AND f.state IN ('confirmed', 'sealed')
LIMIT 1

-- name: reference_any_account
SELECT 1 FROM folio WHERE form IN ('opening', 'settlement') AND state IN ('confirmed', 'sealed') LIMIT 1

-- name: reference_account
SELECT f.form, f.id, a.year FROM account_year AS a JOIN folio AS f ON f.id = a.folio
WHERE a.person = :person AND f.state IN ('confirmed', 'sealed')
ORDER BY a.year, a.folio

-- name: reference_enter_employer
INSERT INTO employer (id, batch) VALUES (:id, :batch)

-- name: reference_enter_employer_alias
INSERT INTO employer_alias (kind, value, employer, batch) VALUES ('credit-code', :value, :id, :batch)
