-- Rows against their source files.

-- name: sourcewalk_rejects
SELECT line FROM reject WHERE batch = :batch ORDER BY line
