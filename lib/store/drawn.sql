-- What pensions take out of accounts. A folio's rows behind a place, and those of one
-- person; the columns of both are the same.

-- name: drawn_retirements
SELECT r.person, r.line, r.folio, COALESCE(r.benefit_from, 0), r.retired_on
FROM retirement AS r
WHERE r.folio = :folio AND (r.person, r.line) > (:person, :line)
  AND NOT EXISTS (SELECT 1 FROM replacement AS x JOIN folio AS n ON n.id = x.by_folio
    WHERE x.folio = r.folio AND x.subject = r.person AND x.line = r.line AND x.at <= :as_of AND n.sealed_at <= :as_of)
ORDER BY r.person, r.line LIMIT :most

-- name: drawn_retirements_of
SELECT r.person, r.line, r.folio, COALESCE(r.benefit_from, 0), r.retired_on
FROM retirement AS r JOIN folio AS f ON f.id = r.folio
WHERE r.person = :person AND f.sealed_at <= :as_of AND (f.ended_at IS NULL OR f.ended_at > :as_of)
  AND NOT EXISTS (SELECT 1 FROM replacement AS x JOIN folio AS n ON n.id = x.by_folio
    WHERE x.folio = r.folio AND x.subject = r.person AND x.line = r.line AND x.at <= :as_of AND n.sealed_at <= :as_of)
ORDER BY r.folio, r.line

-- name: drawn_assessments
SELECT r.person, r.line, r.folio, r.benefit_from, r.retired_on
FROM assessment AS r
WHERE r.folio = :folio AND (r.person, r.line) > (:person, :line) AND :as_of >= 0
ORDER BY r.person, r.line LIMIT :most

-- name: drawn_assessments_of
SELECT r.person, r.line, r.folio, r.benefit_from, r.retired_on
FROM assessment AS r JOIN folio AS f ON f.id = r.folio
WHERE r.person = :person AND f.sealed_at <= :as_of AND (f.ended_at IS NULL OR f.ended_at > :as_of)
ORDER BY r.folio, r.line

-- name: drawn_payments
-- A roll of an earlier release says its month's part alone.
SELECT r.person, r.line, r.folio, r.month, COALESCE(r.drawn_fen, r.account_fen)
FROM payment AS r
WHERE r.folio = :folio AND (r.person, r.line) > (:person, :line) AND :as_of >= 0
ORDER BY r.person, r.line LIMIT :most

-- name: drawn_payment_of
SELECT r.person, r.line, r.folio, r.month, COALESCE(r.drawn_fen, r.account_fen)
FROM payment AS r WHERE r.folio = :folio AND r.person = :person

-- name: drawn_first
SELECT f.period FROM folio AS f
WHERE f.form = 'roll' AND f.sealed_at <= :as_of AND (f.ended_at IS NULL OR f.ended_at > :as_of)
ORDER BY f.period LIMIT 1

-- name: drawn_newest
-- All of the month has to be sealed.
SELECT f.period FROM folio AS f
WHERE f.form = 'roll' AND f.sealed_at <= :as_of AND (f.ended_at IS NULL OR f.ended_at > :as_of)
  AND NOT EXISTS (SELECT 1 FROM folio AS o
    WHERE o.form = 'roll' AND o.period = f.period AND o.confirmed_at <= :as_of AND (o.ended_at IS NULL OR o.ended_at > :as_of)
      AND (o.sealed_at IS NULL OR o.sealed_at > :as_of))
ORDER BY f.period DESC LIMIT 1
