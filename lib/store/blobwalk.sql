-- What is kept whole.

-- name: blobwalk_next
SELECT digest, kind, name FROM blob WHERE digest > :after ORDER BY digest LIMIT 50

-- name: blobwalk_unnamed
-- scan: everything that is kept, and what names it
-- Files of rules are named by the lists of rules, which are among what is kept.
SELECT digest, kind, name FROM blob WHERE kind <> 'rules' OR name = 'rules'
EXCEPT SELECT file_digest, 'source', file_name FROM batch
EXCEPT SELECT form_digest, 'form', form FROM batch
EXCEPT SELECT rules_digest, 'rules', 'rules' FROM batch
EXCEPT SELECT b.digest, 'rules', 'rules' FROM blob AS b
  JOIN journal AS j ON j.act = 'verify.begin' AND j.text LIKE '%"rules":"' || b.digest || '"%' WHERE b.kind = 'rules'
EXCEPT SELECT parameters_digest, 'parameters', 'parameters' FROM batch
EXCEPT SELECT digest, 'parameters', name FROM parameter_table
EXCEPT SELECT b.digest, 'paper', b.name FROM acknowledgement AS a JOIN blob AS b ON b.digest = a.document
EXCEPT SELECT b.digest, 'paper', b.name FROM running_log AS l JOIN blob AS b ON b.digest = l.document
EXCEPT SELECT b.digest, 'paper', b.name FROM amendment_application AS p JOIN blob AS b ON b.digest IN (p.original, p.evidence)
EXCEPT SELECT b.digest, 'paper', b.name FROM benefit_change AS c JOIN blob AS b ON b.digest = c.paper
EXCEPT SELECT trace, 'trace', 'person-' || CAST(person AS TEXT) || '-' || CAST(retired_on AS TEXT) FROM assessment
EXCEPT SELECT b.digest, 'paper', b.name FROM assessment AS a JOIN blob AS b ON b.digest = a.paper
ORDER BY digest
