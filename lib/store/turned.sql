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
