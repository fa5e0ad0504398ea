-- Interior nodes of folios' trees.

-- name: roots_keep_node
INSERT INTO folio_node (folio, level, number, hash) VALUES (:folio, :level, :number, :hash)
ON CONFLICT (folio, level, number) DO UPDATE SET hash = excluded.hash

-- name: roots_node
SELECT hash FROM folio_node WHERE folio = :folio AND level = :level AND number = :number

-- name: roots_count_nodes
SELECT COUNT(*) FROM folio_node WHERE folio = :folio
