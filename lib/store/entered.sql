-- What the journal says of a computer or a person.

-- name: entered_acts
-- The making of the store, and what was entered upon one subject since.
SELECT at, act, staff, text FROM journal
WHERE act IN ('admin.init', 'staff.add', 'staff.revoke', 'terminal.add', 'terminal.remove')
  AND (act = 'admin.init' OR subject = :subject)
ORDER BY at
