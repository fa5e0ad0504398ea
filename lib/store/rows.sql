-- Rows of the record kinds. What goes by a kind's own columns is drawn up in
-- rows.c; these go by the side tables.

-- name: rows_replaced
SELECT 1 FROM replacement
WHERE folio = :folio AND subject = :subject AND line = :line AND at <= :as_of
LIMIT 1
