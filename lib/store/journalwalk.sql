-- Reading the journal again, in slices.

-- name: journalwalk_size
SELECT COALESCE(MAX(at) + 1, 0) FROM journal

-- name: journalwalk_slice
SELECT at, time, staff, act, subject, text, signature FROM journal WHERE at > :after ORDER BY at LIMIT 500

-- name: journalwalk_node
SELECT hash FROM journal_node WHERE level = :level AND number = :number

-- name: journalwalk_newest_node
SELECT MAX(number) FROM journal_node WHERE level = :level
