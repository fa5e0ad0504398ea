-- The lines of a roll: a folio's behind a place, and the newest of one person.

-- name: lastroll_payments
SELECT r.folio, :employer, :sealed, r.person, r.line, r.month, r.since,
  r.basic_fen + r.account_fen + r.transitional_fen + r.extra_fen + r.adjustment_fen,
  r.once_total_fen, r.due_total_fen, r.paid_total_fen, r.overpaid_fen, r.drawn_total_fen
FROM payment AS r
WHERE r.folio = :folio AND (r.person, r.line) > (:person, :line) AND :as_of >= 0
ORDER BY r.person, r.line LIMIT :most

-- name: lastroll_newest
-- Somebody's newest line before a month, among the rolls of an employer.
SELECT f.id, f.employer, f.sealed_at, r.person, r.line, r.month, r.since,
  r.basic_fen + r.account_fen + r.transitional_fen + r.extra_fen + r.adjustment_fen,
  r.once_total_fen, r.due_total_fen, r.paid_total_fen, r.overpaid_fen, r.drawn_total_fen
FROM folio AS f JOIN payment AS r ON r.folio = f.id AND r.person = :person
WHERE f.employer IS NOT DISTINCT FROM :employer AND f.form = 'roll' AND f.period < :month
  AND f.sealed_at <= :as_of AND (f.ended_at IS NULL OR f.ended_at > :as_of)
ORDER BY f.period DESC LIMIT 1
