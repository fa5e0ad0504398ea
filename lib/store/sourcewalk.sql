-- Rows against their source files, and what is kept whole.

-- name: sourcewalk_rejects
SELECT line FROM reject WHERE batch = :batch ORDER BY line

-- name: sourcewalk_blobs
SELECT digest, kind, name FROM blob WHERE digest > :after ORDER BY digest LIMIT 50
