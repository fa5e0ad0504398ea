-- The rows of folios, to be added up.

-- name: sumwalk_folios
SELECT folio.id, folio.rows, folio.unit_fen, folio.personal_fen, folio.amount_fen FROM folio
JOIN batch ON batch.id = folio.batch
WHERE folio.id > :after AND folio.state NOT IN ('staging', 'discarded')
  AND batch.staged_at IS NOT NULL AND batch.ended_at IS NULL
ORDER BY folio.id LIMIT :most

-- Folio, subject and line; and the amounts where there are any: unit, personal, and what
-- counts in the receipt.

-- name: sumwalk_employers
SELECT folio, employer, line FROM employer_record WHERE (folio, employer, line) > (:folio, :subject, :line)
ORDER BY folio, employer, line LIMIT :most

-- name: sumwalk_registrations
SELECT folio, person, line FROM registration WHERE (folio, person, line) > (:folio, :subject, :line)
ORDER BY folio, person, line LIMIT :most

-- name: sumwalk_contributions
SELECT folio, person, line, unit_fen, personal_fen, unit_fen + personal_fen FROM contribution
WHERE (folio, person, line) > (:folio, :subject, :line) ORDER BY folio, person, line LIMIT :most

-- name: sumwalk_levies
SELECT folio, employer, line, 0, 0, amount_fen FROM levy WHERE (folio, employer, line) > (:folio, :subject, :line)
ORDER BY folio, employer, line LIMIT :most

-- name: sumwalk_openings
SELECT folio, person, line, 0, 0, personal_principal_fen + personal_interest_fen + unit_principal_fen + unit_interest_fen
FROM opening WHERE (folio, person, line) > (:folio, :subject, :line) ORDER BY folio, person, line LIMIT :most

-- name: sumwalk_movements
SELECT folio, person, line FROM movement WHERE (folio, person, line) > (:folio, :subject, :line)
ORDER BY folio, person, line LIMIT :most

-- name: sumwalk_retirements
SELECT folio, person, line FROM retirement WHERE (folio, person, line) > (:folio, :subject, :line)
ORDER BY folio, person, line LIMIT :most

-- name: sumwalk_changes
SELECT folio, person, line FROM employment_change WHERE (folio, person, line) > (:folio, :subject, :line)
ORDER BY folio, person, line LIMIT :most

-- name: sumwalk_successions
SELECT folio, employer, line FROM succession WHERE (folio, employer, line) > (:folio, :subject, :line)
ORDER BY folio, employer, line LIMIT :most

-- name: sumwalk_adjustments
SELECT folio, person, line, 0, 0, increase_fen FROM adjustment WHERE (folio, person, line) > (:folio, :subject, :line)
ORDER BY folio, person, line LIMIT :most

-- name: sumwalk_benefit_changes
SELECT folio, person, line FROM benefit_change WHERE (folio, person, line) > (:folio, :subject, :line)
ORDER BY folio, person, line LIMIT :most

-- name: sumwalk_payments
SELECT folio, person, line, 0, 0, amount_fen FROM payment WHERE (folio, person, line) > (:folio, :subject, :line)
ORDER BY folio, person, line LIMIT :most

-- name: sumwalk_payment_returns
SELECT folio, person, line, 0, 0, amount_fen FROM payment_return WHERE (folio, person, line) > (:folio, :subject, :line)
ORDER BY folio, person, line LIMIT :most

-- name: sumwalk_assessments
SELECT folio, person, line, 0, 0, pension_fen FROM assessment WHERE (folio, person, line) > (:folio, :subject, :line)
ORDER BY folio, person, line LIMIT :most
