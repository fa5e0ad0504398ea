-- Months that people have at whatever employer.

-- name: elsewhere_folios
-- One behind the other, so that no lock is held while a year is read.
SELECT id FROM folio AS f WHERE form = :form AND period = :period
  AND (state IN ('confirmed', 'sealed') OR (state = 'held'
    AND EXISTS (SELECT 1 FROM batch AS b WHERE b.id = f.batch AND b.state = 'confirmed')
    AND NOT EXISTS (SELECT 1 FROM hold AS h
      WHERE h.folio = f.id AND h.ended_at IS NULL AND h.rule <> 'levy.covers')))
  AND batch <> :batch AND id > :after
ORDER BY id LIMIT 1

-- name: elsewhere_months
SELECT c.person, c.months, c.months_assumed FROM contribution AS c
WHERE c.folio = :folio AND c.kind = 1
  AND NOT EXISTS (SELECT 1 FROM replacement AS r
    WHERE r.folio = c.folio AND r.subject = c.person AND r.line = c.line)

-- name: elsewhere_where
SELECT f.id, (SELECT value FROM employer_alias AS a WHERE a.employer = f.employer AND a.kind = 'credit-code'
  ORDER BY a.batch, value LIMIT 1)
FROM folio AS f JOIN contribution AS c ON c.folio = f.id AND c.person = :person
WHERE f.form = :form AND f.period = :period AND f.employer <> :employer AND f.batch <> :batch AND c.kind = 1
  AND (f.state IN ('confirmed', 'sealed') OR (f.state = 'held'
    AND EXISTS (SELECT 1 FROM batch AS b WHERE b.id = f.batch AND b.state = 'confirmed')
    AND NOT EXISTS (SELECT 1 FROM hold AS h
      WHERE h.folio = f.id AND h.ended_at IS NULL AND h.rule <> 'levy.covers')))
  AND NOT EXISTS (SELECT 1 FROM replacement AS r
    WHERE r.folio = c.folio AND r.subject = c.person AND r.line = c.line)
ORDER BY f.id LIMIT 1
