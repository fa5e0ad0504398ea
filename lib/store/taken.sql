-- Months that other folios of an employer's year have.

-- name: taken_any
-- As of a journal index. A held folio counts once its batch is confirmed: till then
-- nothing is entered, and two batches are compared when they are confirmed.
SELECT 1 FROM folio AS f WHERE f.form = :form AND f.period = :period
  AND (f.ended_at IS NULL OR f.ended_at > :as_of)
  AND EXISTS (SELECT 1 FROM batch AS b WHERE b.id = f.batch AND b.confirmed_at <= :as_of)
LIMIT 1

-- name: taken_months
SELECT c.person, f.id, c.months FROM folio AS f JOIN contribution AS c ON c.folio = f.id
WHERE f.employer = :employer AND f.form = :form AND f.period = :period AND c.kind = 1
  AND (f.ended_at IS NULL OR f.ended_at > :as_of)
  AND EXISTS (SELECT 1 FROM batch AS b WHERE b.id = f.batch AND b.confirmed_at <= :as_of)
  AND NOT EXISTS (SELECT 1 FROM replacement AS r
    WHERE r.folio = c.folio AND r.subject = c.person AND r.line = c.line AND r.at <= :as_of)
ORDER BY c.person, f.id, c.line
