-- Rows that did not come in, and what was mended.

-- name: rejects_enter
INSERT INTO reject (batch, line, byte, column_name, rule, found, expected, message)
VALUES (:batch, :line, :byte, :column_name, :rule, :found, :expected, :message)

-- name: rejects_repair
INSERT INTO repair (batch, line, column_name, code, old)
VALUES (:batch, :line, :column_name, :code, :old)

-- name: rejects_retry
INSERT INTO retry (batch, line, parent_line) VALUES (:batch, :line, :parent_line)

-- name: rejects_before
-- What a rejected line was itself a try at, where its batch mends another.
SELECT b.parent, t.parent_line FROM retry AS t JOIN batch AS b ON b.id = t.batch
WHERE t.batch = :batch AND t.line = :line AND b.parent IS NOT NULL

-- name: rejects_amend
UPDATE reject SET mended_by = :batch
WHERE batch = :parent AND line = :line
  AND NOT EXISTS (SELECT 1 FROM batch AS b WHERE b.id = reject.mended_by AND b.state = 'confirmed')
