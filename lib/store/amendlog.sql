-- What cases of amendment changed.

-- name: amendlog_next
-- The changes of a time: by the acts that made them, of which there are few.
SELECT a.id, j.at, a.batch, a.revision, a.form, a.agency, p.reason, p.digest, p.original, p.evidence
FROM journal AS j
JOIN amendment_step AS s ON s.at = j.at AND s.move = 'apply'
JOIN amendment AS a ON a.id = s.amendment
JOIN amendment_application AS p ON p.amendment = a.id AND p.revision = a.revision
WHERE j.act = 'amend.apply' AND j.at > :after AND j.at <= :as_of AND j.time >= :begin AND j.time < :end
  AND a.agency = COALESCE(:agency, a.agency)
ORDER BY j.at LIMIT 1

-- name: amendlog_steps
SELECT s.move, j.staff, t.name, j.time, s.at
FROM amendment_step AS s
JOIN journal AS j ON j.at = s.at
LEFT JOIN staff AS t ON t.id = j.staff
WHERE s.amendment = :case AND s.at <= :as_of
ORDER BY s.number

-- name: amendlog_lines
SELECT f.record, f.number, r.kind, r.form, r.folio, r.subject, r.line, r.employer, r.period, f.name, f.old, f.new, f.follows
FROM amendment_field AS f
JOIN amendment_record AS r ON r.amendment = f.amendment AND r.revision = f.revision AND r.number = f.record
WHERE f.amendment = :case AND f.revision = :revision AND (f.record, f.number) > (:record, :number)
ORDER BY f.record, f.number LIMIT :most

-- name: amendlog_changed
-- When something was changed, and in which area.
SELECT j.time, a.agency
FROM journal AS j
JOIN amendment_step AS s ON s.at = j.at AND s.move = 'apply'
JOIN amendment AS a ON a.id = s.amendment
WHERE j.act = 'amend.apply'
ORDER BY j.at

-- name: amendlog_printed
-- The log of all areas is that of each of them.
SELECT 1 FROM journal AS j
WHERE j.act = 'report.amendment-log' AND j.time >= :ends AND j.subject IN (:whole, :area)
LIMIT 1
