-- Lines that were turned down or mended, as the digest over them takes them.

-- name: turned_rejects
SELECT 'reject', line, byte, column_name, rule, found, expected, message FROM reject
WHERE batch = :batch ORDER BY line

-- name: turned_repairs
SELECT 'repair', line, column_name, code, old FROM repair
WHERE batch = :batch ORDER BY line, column_name, code
