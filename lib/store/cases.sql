-- Cases of amendment, and the steps that they took.

-- name: cases_next
SELECT COALESCE(MAX(id), 0) + 1 FROM amendment

-- name: cases_enter
INSERT INTO amendment (id, form, agency, requested_by, state, revision, at, issue)
VALUES (:id, :form, :agency, :requested_by, :state, :revision, :at, :issue)

-- name: cases_change
UPDATE amendment SET state = :state, revision = :revision, open_until = :open_until, batch = :batch, ended_at = :ended_at
WHERE id = :id

-- name: cases_enter_step
INSERT INTO amendment_step (amendment, number, move, at, reason) VALUES (:amendment, :number, :move, :at, :reason)

-- name: cases_find
SELECT id, form, agency, requested_by, state, revision, at, open_until, batch, issue, ended_at
FROM amendment WHERE id = :id

-- name: cases_steps
SELECT s.number, s.move, s.at, s.reason, j.staff, t.name, j.time
FROM amendment_step AS s LEFT JOIN journal AS j ON j.at = s.at LEFT JOIN staff AS t ON t.id = j.staff
WHERE s.amendment = :id ORDER BY s.number

-- name: cases_each
SELECT id, form, agency, requested_by, state, revision, at, open_until, batch, issue, ended_at
FROM amendment
WHERE id > :after AND state = COALESCE(:state, state) AND agency = COALESCE(:agency, agency) AND form = COALESCE(:form, form)
ORDER BY id LIMIT 200

-- name: cases_claimed_row
SELECT a.id
FROM amendment_record AS r JOIN amendment AS a ON a.id = r.amendment AND a.revision = r.revision
WHERE r.folio = :folio AND r.subject = :subject AND r.line = :line AND a.id <> :but
  AND a.state NOT IN ('closed', 'rejected', 'withdrawn', 'expired') AND (a.state <> 'unsealed' OR a.open_until > :now)
ORDER BY a.id LIMIT 1

-- name: cases_claimed_missing
SELECT a.id
FROM amendment_record AS r JOIN amendment AS a ON a.id = r.amendment AND a.revision = r.revision
WHERE r.subject = :subject AND r.kind = :kind AND r.employer IS NOT DISTINCT FROM :employer AND r.period = :period
  AND r.folio IS NULL AND a.id <> :but
  AND a.state NOT IN ('closed', 'rejected', 'withdrawn', 'expired') AND (a.state <> 'unsealed' OR a.open_until > :now)
ORDER BY a.id LIMIT 1
