-- Rows that did not come in, and what was mended.

-- name: rejects_enter
INSERT INTO reject (batch, line, byte, column_name, rule, found, expected, message)
VALUES (:batch, :line, :byte, :column_name, :rule, :found, :expected, :message)

-- name: rejects_repair
INSERT INTO repair (batch, line, column_name, code, old)
VALUES (:batch, :line, :column_name, :code, :old)

-- name: rejects_amend
UPDATE reject SET mended_by = :batch
WHERE batch = :parent AND line = :line
  AND NOT EXISTS (SELECT 1 FROM batch AS b WHERE b.id = reject.mended_by AND b.state = 'confirmed')
