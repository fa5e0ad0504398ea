-- Rows against their source files.

-- What became of lines but a row of their employer's folio: not let in (folio 0), or
-- set aside for a review, in a folio of its own.
-- name: sourcewalk_fates
SELECT line, 0 FROM reject WHERE batch = :batch
UNION ALL
SELECT c.line, f.id
FROM folio f JOIN contribution c ON c.folio = f.id
WHERE f.batch = :batch AND EXISTS (SELECT 1 FROM hold h
  WHERE h.folio = f.id AND h.rule IN ('person.died', 'person.elsewhere', 'person.retired'))
ORDER BY 1
