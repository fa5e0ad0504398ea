-- Who is paid, and by what: names for the bank, one payment, what the bank said to it.

-- name: payee_retired
SELECT r.id_number, r.name FROM retirement AS r JOIN folio AS f ON f.id = r.folio
WHERE r.person = :person AND f.confirmed_at <= :as_of AND (f.ended_at IS NULL OR f.ended_at > :as_of)
ORDER BY r.folio DESC, r.line DESC LIMIT 1

-- name: payee_payment
SELECT p.amount_fen, p.month, f.batch, f.sealed_at FROM payment AS p JOIN folio AS f ON f.id = p.folio
WHERE p.folio = :folio AND p.person = :person AND p.line = :line

-- name: payee_returned
-- What a stopped run has written so far says nothing yet: the same file writes it on.
SELECT r.result, f.batch FROM payment_return AS r JOIN folio AS f ON f.id = r.folio
WHERE r.person = :person AND r.payment_folio = :folio AND r.payment_line = :line AND f.state NOT IN ('staging', 'discarded')
ORDER BY r.folio DESC, r.line DESC LIMIT 1

-- name: payee_told
SELECT DISTINCT f.batch FROM payment_return AS r JOIN folio AS f ON f.id = r.folio
WHERE r.person = :person AND r.payment_folio = :folio AND r.payment_line = :line AND f.state NOT IN ('staging', 'discarded')
ORDER BY f.batch LIMIT 8

-- name: payee_waiting
-- A change of somebody's benefit that is not sealed yet.
SELECT f.batch FROM benefit_change AS r JOIN folio AS f ON f.id = r.folio
WHERE r.person = :person AND f.state IN ('confirmed', 'held', 'staged') ORDER BY r.folio LIMIT 1

-- name: payee_history
-- Everything that a person's benefit went through, in the order of months.
SELECT 1, p.month, f.batch, f.id, p.change, p.amount_fen, p.arrears_fen, p.recovered_fen, p.once_fen, p.overpaid_fen, f.sealed_at, NULL
FROM folio AS f JOIN payment AS p ON p.folio = f.id AND p.person = :person
WHERE f.form = 'roll' AND f.confirmed_at <= :as_of AND (f.ended_at IS NULL OR f.ended_at > :as_of)
UNION ALL
SELECT 0, c.month, f.batch, f.id, c.kind, c.amount_fen, NULL, NULL,
  NULLIF(COALESCE(c.funeral_fen, 0) + COALESCE(c.consolation_fen, 0) + COALESCE(c.balance_fen, 0), 0), NULL, f.sealed_at, c.reason
FROM benefit_change AS c JOIN folio AS f ON f.id = c.folio
WHERE c.person = :person AND f.confirmed_at <= :as_of AND (f.ended_at IS NULL OR f.ended_at > :as_of)
UNION ALL
SELECT 2, CAST(r.told_on / 100 AS BIGINT), f.batch, f.id, 'bank-' || r.result, r.amount_fen, NULL, NULL, NULL, NULL, f.sealed_at, r.reason
FROM payment_return AS r JOIN folio AS f ON f.id = r.folio
WHERE r.person = :person AND f.confirmed_at <= :as_of AND (f.ended_at IS NULL OR f.ended_at > :as_of)
ORDER BY 2, 1, 4
