-- Lines that were turned down or mended, as the digest over them takes them.

-- name: turned_rejects
SELECT 'reject', line, byte, column_name, rule, found, expected, message FROM reject
WHERE batch = :batch ORDER BY line

-- name: turned_open
SELECT r.line, r.byte, r.column_name, r.rule, r.found, r.expected, r.message, r.mended_by FROM reject AS r
WHERE r.batch = :batch AND r.line > :line
  AND NOT EXISTS (SELECT 1 FROM batch AS b WHERE b.id = r.mended_by AND b.state = 'confirmed')
ORDER BY r.line LIMIT 100

-- name: turned_mended
SELECT line, column_name, code, old FROM repair
WHERE batch = :batch AND (line, column_name, code) > (:line, :column_name, :code)
ORDER BY line, column_name, code LIMIT 100

-- name: turned_retries
SELECT 'retry', line, parent_line FROM retry WHERE batch = :batch ORDER BY line

-- name: turned_repairs
SELECT 'repair', line, column_name, code, old FROM repair
WHERE batch = :batch ORDER BY line, column_name, code

-- name: turned_holds
-- scan: the holds, of which there are few beside the folios
SELECT 'hold', folio, rule, found, expected FROM hold WHERE at = :at ORDER BY folio, rule

-- name: turned_brought
-- scan: the batches that this one mends, one after the other, of which there is a handful
WITH RECURSIVE above(id) AS (
  SELECT parent FROM batch WHERE id = :batch AND parent IS NOT NULL
  UNION SELECT b.parent FROM batch AS b JOIN above AS a ON b.id = a.id WHERE b.parent IS NOT NULL)
SELECT 'mended', r.batch, r.line FROM above AS a JOIN reject AS r ON r.batch = a.id
WHERE r.mended_by = :batch ORDER BY r.batch, r.line
