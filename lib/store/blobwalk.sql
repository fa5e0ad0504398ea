-- What is kept whole.

-- name: blobwalk_next
SELECT digest, kind, name FROM blob WHERE digest > :after ORDER BY digest LIMIT 50
