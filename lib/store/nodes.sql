-- Interior nodes of folios' trees.

-- name: nodes_keep
INSERT INTO folio_node (folio, level, number, hash) VALUES (:folio, :level, :number, :hash)
ON CONFLICT (folio, level, number) DO UPDATE SET hash = excluded.hash

-- name: nodes_find
SELECT hash FROM folio_node WHERE folio = :folio AND level = :level AND number = :number

-- name: nodes_count
SELECT COUNT(*) FROM folio_node WHERE folio = :folio
