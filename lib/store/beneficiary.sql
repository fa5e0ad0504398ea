-- Who draws a benefit, and how much. Each kind of record in two ways: a folio's rows
-- behind a place, and all that is sealed of one person. The columns of both are the same;
-- what is the folio's own is known where all its rows are read.

-- name: beneficiary_retirements
SELECT r.folio, :employer, :sealed, r.person, r.line, r.retired_on, r.benefit_from, r.basis,
  r.basic_fen, r.account_fen, r.transitional_fen, r.extra_fen, r.pension_fen, r.paid_months, r.deemed_months
FROM retirement AS r
WHERE r.folio = :folio AND (r.person, r.line) > (:person, :line)
  AND (NOT EXISTS (SELECT 1 FROM replacement WHERE folio = :folio) OR NOT EXISTS (SELECT 1 FROM replacement AS x JOIN folio AS n ON n.id = x.by_folio
    WHERE x.folio = r.folio AND x.subject = r.person AND x.line = r.line AND x.at <= :as_of AND n.sealed_at <= :as_of))
ORDER BY r.person, r.line LIMIT :most

-- name: beneficiary_retirements_of
SELECT f.id, f.employer, f.sealed_at, r.person, r.line, r.retired_on, r.benefit_from, r.basis,
  r.basic_fen, r.account_fen, r.transitional_fen, r.extra_fen, r.pension_fen, r.paid_months, r.deemed_months
FROM retirement AS r JOIN folio AS f ON f.id = r.folio
WHERE r.person = :person AND f.sealed_at <= :as_of AND (f.ended_at IS NULL OR f.ended_at > :as_of)
  AND NOT EXISTS (SELECT 1 FROM replacement AS x JOIN folio AS n ON n.id = x.by_folio
    WHERE x.folio = r.folio AND x.subject = r.person AND x.line = r.line AND x.at <= :as_of AND n.sealed_at <= :as_of)
ORDER BY r.folio, r.line

-- name: beneficiary_assessments
SELECT r.folio, :employer, :sealed, r.person, r.line, r.benefit_from, r.basic_fen, r.account_fen, r.transitional_fen,
  r.extra_fen, r.paid_months + r.deemed_months
FROM assessment AS r
WHERE r.folio = :folio AND (r.person, r.line) > (:person, :line) AND :as_of >= 0
ORDER BY r.person, r.line LIMIT :most

-- name: beneficiary_assessments_of
SELECT f.id, f.employer, f.sealed_at, r.person, r.line, r.benefit_from, r.basic_fen, r.account_fen, r.transitional_fen,
  r.extra_fen, r.paid_months + r.deemed_months
FROM assessment AS r JOIN folio AS f ON f.id = r.folio
WHERE r.person = :person AND f.sealed_at <= :as_of AND (f.ended_at IS NULL OR f.ended_at > :as_of)
ORDER BY r.folio, r.line

-- name: beneficiary_changes
SELECT r.folio, :employer, :sealed, r.person, r.line, r.kind, r.month, r.amount_fen, r.funeral_fen,
  r.consolation_fen, r.balance_fen
FROM benefit_change AS r
WHERE r.folio = :folio AND (r.person, r.line) > (:person, :line) AND :as_of >= 0
ORDER BY r.person, r.line LIMIT :most

-- name: beneficiary_changes_of
SELECT f.id, f.employer, f.sealed_at, r.person, r.line, r.kind, r.month, r.amount_fen, r.funeral_fen,
  r.consolation_fen, r.balance_fen
FROM benefit_change AS r JOIN folio AS f ON f.id = r.folio
WHERE r.person = :person AND f.sealed_at <= :as_of AND (f.ended_at IS NULL OR f.ended_at > :as_of)
ORDER BY r.folio, r.line

-- name: beneficiary_adjustments
SELECT r.folio, :employer, :sealed, r.person, r.line, r.effective, r.increase_fen
FROM adjustment AS r
WHERE r.folio = :folio AND (r.person, r.line) > (:person, :line) AND :as_of >= 0
ORDER BY r.person, r.line LIMIT :most

-- name: beneficiary_adjustments_of
SELECT f.id, f.employer, f.sealed_at, r.person, r.line, r.effective, r.increase_fen
FROM adjustment AS r JOIN folio AS f ON f.id = r.folio
WHERE r.person = :person AND f.sealed_at <= :as_of AND (f.ended_at IS NULL OR f.ended_at > :as_of)
ORDER BY r.folio, r.line

-- name: beneficiary_returns
SELECT r.folio, :employer, :sealed, r.person, r.line, r.result, r.amount_fen
FROM payment_return AS r
WHERE r.folio = :folio AND (r.person, r.line) > (:person, :line) AND :as_of >= 0
ORDER BY r.person, r.line LIMIT :most

-- name: beneficiary_returns_of
SELECT f.id, f.employer, f.sealed_at, r.person, r.line, r.result, r.amount_fen
FROM payment_return AS r JOIN folio AS f ON f.id = r.folio
WHERE r.person = :person AND f.sealed_at <= :as_of AND (f.ended_at IS NULL OR f.ended_at > :as_of)
ORDER BY r.folio, r.line

-- name: beneficiary_insured
-- When an employer joined, by its newest record.
SELECT r.insured_on FROM folio AS f JOIN employer_record AS r ON r.folio = f.id AND r.employer = :employer
WHERE f.form = 'employer' AND f.confirmed_at <= :as_of AND (f.ended_at IS NULL OR f.ended_at > :as_of)
ORDER BY r.folio DESC, r.line DESC LIMIT 1

-- name: beneficiary_roll
-- The newest roll: its batch, month, and whether a folio of it is not sealed.
SELECT f.batch, b.reference_at, f.period,
  EXISTS (SELECT 1 FROM folio AS o WHERE o.batch = f.batch AND (o.sealed_at IS NULL OR o.sealed_at > :as_of))
FROM folio AS f JOIN batch AS b ON b.id = f.batch
WHERE f.form = 'roll' AND (:month = 0 OR f.period = :month)
  AND f.confirmed_at <= :as_of AND (f.ended_at IS NULL OR f.ended_at > :as_of)
ORDER BY f.period DESC LIMIT 1

-- name: beneficiary_first
SELECT f.period FROM folio AS f
WHERE f.form = 'roll' AND f.confirmed_at <= :as_of AND (f.ended_at IS NULL OR f.ended_at > :as_of)
ORDER BY f.period LIMIT 1
