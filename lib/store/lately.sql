-- What was entered since an entry (:from).

-- name: lately_folios
-- scan: every folio; a verification reads far more than these
SELECT f.id FROM folio AS f JOIN batch AS b ON b.id = f.batch
WHERE b.staged_at IS NULL OR b.staged_at >= :from OR f.confirmed_at >= :from OR f.sealed_at >= :from OR f.ended_at >= :from
  OR EXISTS (SELECT 1 FROM hold AS h WHERE h.folio = f.id AND (h.at >= :from OR h.ended_at >= :from))
  OR EXISTS (SELECT 1 FROM acknowledgement AS a WHERE a.folio = f.id AND a.at >= :from)
  OR EXISTS (SELECT 1 FROM seal_folio AS c JOIN seal AS s ON s.id = c.seal
             WHERE c.folio = f.id AND (s.at >= :from OR s.ended_at >= :from))
ORDER BY f.id

-- name: lately_batches
-- scan: every batch, likewise
SELECT b.id FROM batch AS b
WHERE b.staged_at IS NULL OR b.staged_at >= :from OR b.confirmed_at >= :from OR b.ended_at >= :from
  OR EXISTS (SELECT 1 FROM seal AS s WHERE s.batch = b.id AND (s.at >= :from OR s.ended_at >= :from))
  OR EXISTS (SELECT 1 FROM folio AS f WHERE f.batch = b.id
             AND (f.confirmed_at >= :from OR f.sealed_at >= :from OR f.ended_at >= :from))
ORDER BY b.id
