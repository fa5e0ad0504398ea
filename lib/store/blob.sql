-- Things kept whole, by digest, in chunks.

-- name: blob_find
SELECT bytes FROM blob WHERE digest = :digest

-- name: blob_title
SELECT kind, name FROM blob WHERE digest = :digest

-- name: blob_enter
INSERT INTO blob (digest, kind, name, bytes) VALUES (:digest, :kind, :name, :bytes)

-- name: blob_chunk_enter
INSERT INTO blob_chunk (digest, number, content) VALUES (:digest, :number, :content)

-- name: blob_chunk_find
SELECT content FROM blob_chunk WHERE digest = :digest AND number = :number
