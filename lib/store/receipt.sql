-- What a batch's receipt says beside its own figures.

-- name: receipt_repairs
SELECT code, COUNT(*) FROM repair WHERE batch = :batch GROUP BY code ORDER BY code

-- name: receipt_open_rejects
SELECT COUNT(*) FROM reject AS r
WHERE r.batch = :batch
  AND NOT EXISTS (SELECT 1 FROM batch AS b WHERE b.id = r.mended_by AND b.state = 'confirmed')
