-- All folios, for what is gone through beside them.

-- name: foliolist_slice
SELECT id, batch, employer, CASE WHEN state IN ('confirmed', 'sealed') THEN 1 ELSE 0 END FROM folio
WHERE id > :after ORDER BY id LIMIT :most
