-- What was confirmed while a batch lay staged.

-- name: meanwhile_months
-- One that waits for its levy came in with its batch, and one let in later by itself.
SELECT 1 FROM (SELECT DISTINCT period FROM folio WHERE batch = :batch) AS p
JOIN folio AS o ON o.form = :form AND o.period = p.period
WHERE o.batch <> :batch AND (o.confirmed_at > :since OR (o.state = 'held'
  AND EXISTS (SELECT 1 FROM batch AS b WHERE b.id = o.batch AND b.confirmed_at > :since)))
LIMIT 1

-- name: meanwhile_ended
SELECT 1 FROM folio
WHERE form IN ('benefit-supplement', 'movement', 'retirement') AND confirmed_at > :since
LIMIT 1

-- name: meanwhile_reviewed
SELECT 1 FROM hold WHERE folio = :folio AND rule <> 'levy.covers' LIMIT 1

-- name: meanwhile_person
SELECT r.id_number FROM employment AS e
JOIN registration AS r ON r.folio = e.folio AND r.person = e.person
WHERE e.person = :person ORDER BY r.folio DESC LIMIT 1
