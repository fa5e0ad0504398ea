-- What acts wrote, by the entry (:at) and its subject.

-- name: actwalk_acts
SELECT at, subject, staff, text FROM journal WHERE act = :act AND at > :after ORDER BY at LIMIT 100

-- name: actwalk_store
SELECT agency, name, origin, suite, live_on, log_key, secret FROM store WHERE one = 1

-- name: actwalk_first_terminal
-- scan: the terminals, of which there are a handful
SELECT t.name, t.machine, t.agency, NULLIF(t.allowed, 1)
FROM store AS s LEFT JOIN terminal AS t ON t.at = :at
WHERE s.one = 1

-- name: actwalk_first_head
SELECT h.staff, p.name, p.agency, k.public_key
FROM store AS s
LEFT JOIN staff_role AS h ON h.staff = :actor AND h.role = 'head' AND h.at = :at AND h.granted = 1
LEFT JOIN staff AS p ON p.id = :actor AND p.at = :at
LEFT JOIN staff_key AS k ON k.staff = :actor AND k.at = :at
WHERE s.one = 1

-- name: actwalk_staff
-- An entry grants one role; a second one shows beside it.
SELECT s.agency, s.name, k.public_key,
  (SELECT MIN(r.role) || CASE WHEN COUNT(*) > 1 THEN ' ' || MAX(r.role) ELSE '' END
     FROM staff_role AS r WHERE r.staff = s.id AND r.at = :at AND r.granted = 1)
FROM staff AS s
LEFT JOIN staff_key AS k ON k.staff = s.id AND k.at = :at
WHERE s.id = :subject

-- name: actwalk_revoked
SELECT MIN(role) || CASE WHEN COUNT(*) > 1 THEN ' ' || MAX(role) ELSE '' END
FROM staff_role WHERE staff = :subject AND at = :at AND granted = 0

-- name: actwalk_terminal
SELECT name, agency FROM terminal WHERE machine = :subject AND at = :at AND allowed = 1

-- name: actwalk_terminal_removed
SELECT name, agency FROM terminal WHERE machine = :subject AND at = :at AND allowed = 0

-- name: actwalk_parameters
SELECT digest FROM parameter_table WHERE name = :subject AND at = :at

-- name: actwalk_planned
SELECT file_digest, file_name, form, planned_by FROM batch WHERE id = CAST(:subject AS BIGINT)

-- name: actwalk_staged
SELECT lines_accepted, read_fen, lines_other, lines_read, lines_rejected, staged_at,
  agency, assumptions, file_bytes, encoding, form_digest, parameters_digest, parent, reference_at,
  rejected_fen, rejects_file, rules_digest, rows_done, CASE WHEN state = 'discarded' THEN NULL ELSE id END,
  NULLIF(given, '{}'), NULLIF(strict, 0), NULLIF(totals, 0), staged_at, amendment
FROM batch WHERE id = CAST(:subject AS BIGINT)

-- name: actwalk_confirmed
SELECT COALESCE(CAST(SUM(amount_fen) AS BIGINT), 0), COUNT(*), COALESCE(CAST(SUM(rows) AS BIGINT), 0),
  CAST(:at AS BIGINT), CAST(:subject AS BIGINT)
FROM folio WHERE batch = CAST(:subject AS BIGINT) AND confirmed_at = :at

-- name: actwalk_decided
-- What was decided on a review goes before what the levy came to cover by it.
SELECT decision, reason, ended_at FROM hold WHERE folio = CAST(:subject AS BIGINT) AND ended_at = :at
ORDER BY CASE decision WHEN 'covered' THEN 1 ELSE 0 END, rule LIMIT 1

-- name: actwalk_settled
SELECT file_digest, read_fen, lines_accepted, lines_read, rows_done, staged_at, confirmed_at,
  (SELECT COUNT(*) FROM folio WHERE batch = b.id AND confirmed_at = b.confirmed_at),
  (SELECT COALESCE(CAST(SUM(rows) AS BIGINT), 0) FROM folio WHERE batch = b.id),
  (SELECT COALESCE(CAST(SUM(amount_fen) AS BIGINT), 0) FROM folio WHERE batch = b.id),
  agency, assumptions, file_bytes, encoding, file_name, form_digest, parameters_digest, planned_by, reference_at,
  rules_digest, NULLIF(given, '{}'), NULLIF(lines_other, 0), parent, NULLIF(lines_rejected, 0),
  NULLIF(rejected_fen, 0), rejects_file, NULLIF(strict, 0), NULLIF(totals, 0), amendment
FROM batch AS b WHERE id = CAST(:subject AS BIGINT)

-- name: actwalk_applied
-- The batch that a case made.
SELECT file_digest, read_fen, lines_accepted, lines_read, rows_done, staged_at, confirmed_at,
  (SELECT COUNT(*) FROM folio WHERE batch = b.id AND confirmed_at = b.confirmed_at),
  (SELECT COALESCE(CAST(SUM(rows) AS BIGINT), 0) FROM folio WHERE batch = b.id),
  (SELECT COALESCE(CAST(SUM(amount_fen) AS BIGINT), 0) FROM folio WHERE batch = b.id),
  agency, assumptions, file_bytes, encoding, file_name, form, form_digest, parameters_digest, planned_by, reference_at,
  rules_digest, id, NULLIF(given, '{}'), NULLIF(lines_other, 0), parent, NULLIF(lines_rejected, 0),
  NULLIF(rejected_fen, 0), rejects_file, NULLIF(strict, 0), NULLIF(totals, 0)
FROM batch AS b WHERE amendment = CAST(:subject AS BIGINT)

-- name: actwalk_logged
SELECT agency, clause, cleared, corrects, cut_off, document, entries, equipment, faults, findings, follows, found,
  measures, note, on_date, points, ports, reported_to, servers, unit, until_date,
  (SELECT b.kind || ' ' || b.name FROM blob AS b WHERE b.digest = document)
FROM running_log WHERE id = CAST(:subject AS BIGINT) AND at = :at

-- name: actwalk_acknowledged
-- scan: the answers, of which there is one a folio
SELECT a.document, b.kind || ' ' || b.name FROM acknowledgement AS a LEFT JOIN blob AS b ON b.digest = a.document
WHERE a.at = :at ORDER BY a.folio LIMIT 1

-- name: actwalk_issued
SELECT form, year, employer, person, as_of, on_date, digest FROM statement_issue
WHERE id = CAST(:subject AS BIGINT) AND at = :at

-- name: actwalk_asked
SELECT a.agency, p.digest, p.text, p.evidence, (SELECT b.kind || ' ' || b.name FROM blob AS b WHERE b.digest = p.evidence),
  a.form, a.issue, s.number, p.original, (SELECT b.kind || ' ' || b.name FROM blob AS b WHERE b.digest = p.original),
  p.reason, p.revision, s.reason, a.requested_by, CASE WHEN s.number = 1 THEN a.at ELSE s.at END, s.at
FROM amendment_application AS p
JOIN amendment AS a ON a.id = p.amendment
JOIN amendment_step AS s ON s.amendment = p.amendment AND s.at = p.at
WHERE p.amendment = CAST(:subject AS BIGINT) AND p.at = :at

-- name: actwalk_moved
SELECT p.digest, CASE s.move WHEN 'apply' THEN a.batch END, s.number, CASE s.move WHEN 'unseal' THEN a.open_until END,
  s.reason, p.revision, CASE WHEN a.ended_at IS NOT NULL AND s.move IN ('close', 'reject', 'withdraw', 'expire') THEN a.ended_at ELSE s.at END
FROM amendment_step AS s
JOIN amendment AS a ON a.id = s.amendment
LEFT JOIN amendment_application AS p ON p.amendment = s.amendment
  AND p.revision = (SELECT MAX(q.revision) FROM amendment_application AS q WHERE q.amendment = s.amendment AND q.at <= s.at)
WHERE s.amendment = CAST(:subject AS BIGINT) AND s.at = :at
