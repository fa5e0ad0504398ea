-- Suspension, as the journal says it.

-- name: suspension_newest
SELECT at, time, staff, act, text FROM journal
 WHERE act IN ('admin.suspend', 'admin.resume')
 ORDER BY at DESC LIMIT 1
