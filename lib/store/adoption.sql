-- Restored stores that were put into service.

-- name: adoption_entries
SELECT at, staff, text FROM journal WHERE act = 'backup.adopt' AND at < :size ORDER BY at

-- name: adoption_between
-- The first entry between two that is neither an attempt nor an adoption.
SELECT at, act FROM journal WHERE at >= :from AND at < :to AND act NOT IN ('refused', 'backup.adopt') ORDER BY at LIMIT 1
