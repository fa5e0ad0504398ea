-- The running logs.

-- name: runlog_next
SELECT COALESCE(MAX(id), 0) + 1 FROM running_log

-- name: runlog_enter
-- The columns from agency on stand in the order of their names, as in runlog.h.
INSERT INTO running_log (id, kind, at, agency, clause, cleared, corrects, cut_off, document, entries, equipment,
  faults, findings, follows, found, measures, note, on_date, points, ports, reported_to, servers, unit, until_date)
VALUES (:id, :kind, :at, :agency, :clause, :cleared, :corrects, :cut_off, :document, :entries, :equipment,
  :faults, :findings, :follows, :found, :measures, :note, :on_date, :points, :ports, :reported_to, :servers,
  :unit, :until_date)

-- name: runlog_find
SELECT r.id, r.kind, r.at, j.staff, s.name, j.time, (SELECT MIN(c.id) FROM running_log AS c WHERE c.corrects = r.id),
  r.agency, r.clause, r.cleared, r.corrects, r.cut_off, r.document, r.entries, r.equipment,
  r.faults, r.findings, r.follows, r.found, r.measures, r.note, r.on_date, r.points, r.ports, r.reported_to,
  r.servers, r.unit, r.until_date
FROM running_log AS r LEFT JOIN journal AS j ON j.at = r.at LEFT JOIN staff AS s ON s.id = j.staff
WHERE r.id = :id

-- name: runlog_of_day
SELECT r.id FROM running_log AS r
WHERE r.kind = :kind AND r.on_date = :on AND r.agency = :agency AND r.id > :after
  AND NOT EXISTS (SELECT 1 FROM running_log AS c WHERE c.corrects = r.id)
ORDER BY r.id LIMIT 1

-- name: runlog_each
SELECT r.id, r.kind, r.at, j.staff, s.name, j.time,
  (SELECT MIN(c.id) FROM running_log AS c WHERE c.corrects = r.id AND c.at <= :as_of),
  r.agency, r.clause, r.cleared, r.corrects, r.cut_off, r.document, r.entries, r.equipment,
  r.faults, r.findings, r.follows, r.found, r.measures, r.note, r.on_date, r.points, r.ports, r.reported_to,
  r.servers, r.unit, r.until_date
FROM running_log AS r LEFT JOIN journal AS j ON j.at = r.at LEFT JOIN staff AS s ON s.id = j.staff
WHERE (r.on_date, r.id) > (:on, :after) AND r.on_date <= :until AND r.at <= :as_of
  AND r.kind = COALESCE(:kind, r.kind)
ORDER BY r.on_date, r.id LIMIT 100

-- name: runlog_last
SELECT r.on_date FROM running_log AS r JOIN store AS s ON s.one = 1
WHERE r.kind = :kind AND r.agency = s.agency
  AND NOT EXISTS (SELECT 1 FROM running_log AS c WHERE c.corrects = r.id)
ORDER BY r.on_date DESC LIMIT 1
