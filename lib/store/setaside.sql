-- What was set aside of a batch for somebody to look at.

-- name: setaside_rows
SELECT f.id, f.employer, f.period, c.person, c.line
FROM folio AS f LEFT JOIN contribution AS c ON c.folio = f.id
WHERE f.batch = :batch
  AND EXISTS (SELECT 1 FROM hold AS h WHERE h.folio = f.id AND h.rule <> 'levy.covers')
ORDER BY f.id, c.person, c.line
