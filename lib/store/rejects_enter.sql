-- What a batch brings in of the rejects of the one that it mends.

-- name: rejects_enter_before
-- What a rejected line was itself a try at, where its batch mends another.
SELECT b.parent, t.parent_line FROM retry AS t JOIN batch AS b ON b.id = t.batch
WHERE t.batch = :batch AND t.line = :line AND b.parent IS NOT NULL

-- name: rejects_enter_amend
UPDATE reject SET mended_by = :batch
WHERE batch = :parent AND line = :line
  AND NOT EXISTS (SELECT 1 FROM batch AS b WHERE b.id = reject.mended_by AND b.state = 'confirmed')
