-- The journal and the nodes of its tree.

-- name: journal_newest
SELECT at FROM journal ORDER BY at DESC LIMIT 1

-- name: journal_append
INSERT INTO journal (at, time, staff, act, subject, changes, text, signature)
  VALUES (:at, :time, :staff, :act, :subject, :changes, :text, :signature)

-- name: journal_entry
SELECT time, text, signature FROM journal WHERE at = :at

-- name: journal_newest_change
SELECT at FROM journal WHERE changes = 1 ORDER BY at DESC LIMIT 1

-- name: journal_before
-- scan: walks back from the newest entry to the day asked for, which is seldom far
SELECT at FROM journal WHERE time < :time ORDER BY at DESC LIMIT 1

-- name: journal_last_of
SELECT at FROM journal WHERE act = :act ORDER BY at DESC LIMIT 1

-- name: journal_node_enter
INSERT INTO journal_node (level, number, hash) VALUES (:level, :number, :hash)
  ON CONFLICT (level, number) DO NOTHING

-- name: journal_node_find
SELECT hash FROM journal_node WHERE level = :level AND number = :number
