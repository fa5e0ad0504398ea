-- Interior nodes of the trees over seals' paragraphs.

-- name: paragraphs_keep_node
INSERT INTO seal_node (seal, level, number, hash) VALUES (:seal, :level, :number, :hash)

-- name: paragraphs_node
SELECT hash FROM seal_node WHERE seal = :seal AND level = :level AND number = :number

-- name: paragraphs_count_nodes
SELECT COUNT(*) FROM seal_node WHERE seal = :seal
