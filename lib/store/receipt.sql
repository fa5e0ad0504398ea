-- What a batch's receipt says beside its own figures.

-- name: receipt_repairs
SELECT code FROM repair WHERE batch = :batch

-- name: receipt_open_rejects
SELECT COUNT(*) FROM reject AS r
WHERE r.batch = :batch
  AND NOT EXISTS (SELECT 1 FROM batch AS b WHERE b.id = r.mended_by AND b.state = 'confirmed')
