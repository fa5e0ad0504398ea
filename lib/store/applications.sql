-- Applications: what a case asks for.

-- name: applications_enter
INSERT INTO amendment_application (amendment, revision, at, text, digest, reason, original, evidence)
VALUES (:amendment, :revision, :at, :text, :digest, :reason, :original, :evidence)

-- name: applications_enter_record
INSERT INTO amendment_record (amendment, revision, number, kind, form, folio, subject, line, employer, period)
VALUES (:amendment, :revision, :number, :kind, :form, :folio, :subject, :line, :employer, :period)

-- name: applications_enter_field
INSERT INTO amendment_field (amendment, revision, record, number, name, old, new, follows)
VALUES (:amendment, :revision, :record, :number, :name, :old, :new, :follows)

-- name: applications_find
SELECT p.at, p.text, p.digest, p.reason, p.original, p.evidence, a.form, a.agency, a.requested_by, a.issue
FROM amendment_application AS p JOIN amendment AS a ON a.id = p.amendment
WHERE p.amendment = :amendment AND p.revision = :revision

-- name: applications_each
SELECT r.number, r.kind, r.form, r.folio, r.subject, r.line, r.employer, r.period, f.number, f.name, f.old, f.new, f.follows
FROM amendment_field AS f
JOIN amendment_record AS r ON r.amendment = f.amendment AND r.revision = f.revision AND r.number = f.record
WHERE f.amendment = :amendment AND f.revision = :revision AND (f.record, f.number) > (:record, :number)
ORDER BY f.record, f.number LIMIT 256

-- name: applications_count
SELECT (SELECT COUNT(*) FROM amendment_record AS r WHERE r.amendment = :amendment AND r.revision = :revision),
  (SELECT COUNT(*) FROM amendment_field AS f WHERE f.amendment = :amendment AND f.revision = :revision)
