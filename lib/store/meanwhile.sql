-- What was confirmed while a batch lay staged.

-- name: meanwhile_months
-- One that waits for its levy came in with its batch, and one let in later by itself.
SELECT 1 FROM (SELECT DISTINCT period FROM folio WHERE batch = :batch) AS p
JOIN folio AS o ON o.form = :form AND o.period = p.period
WHERE o.batch <> :batch AND (o.confirmed_at > :since OR (o.state = 'held'
  AND EXISTS (SELECT 1 FROM batch AS b WHERE b.id = o.batch AND b.confirmed_at > :since)))
LIMIT 1

-- name: meanwhile_ended
SELECT 1 FROM folio
WHERE form IN ('benefit-supplement', 'movement', 'retirement') AND confirmed_at > :since
LIMIT 1

-- name: meanwhile_reviewed
SELECT 1 FROM hold WHERE folio = :folio AND rule <> 'levy.covers' LIMIT 1

-- name: meanwhile_person
SELECT r.id_number FROM employment AS e
JOIN registration AS r ON r.folio = e.folio AND r.person = e.person
WHERE e.person = :person ORDER BY r.folio DESC LIMIT 1

-- name: meanwhile_registered
SELECT 1 FROM folio
WHERE form IN ('registration', 'retirement') AND batch <> :batch AND confirmed_at > :since
LIMIT 1

-- name: meanwhile_registration_names
-- By whom a number was brought in since, and under another name: the other batch, the
-- line of this one, both names, the number.
SELECT p.batch, r.line, r.name, o.name, r.id_number
FROM folio AS f JOIN registration AS r ON r.folio = f.id
JOIN employment AS e ON e.person = r.person
JOIN folio AS p ON p.id = e.folio
JOIN registration AS o ON o.folio = e.folio AND o.person = e.person
WHERE f.batch = :batch AND p.batch <> :batch AND p.confirmed_at > :since
  AND p.state IN ('confirmed', 'sealed') AND o.name <> r.name
  AND NOT EXISTS (SELECT 1 FROM replacement AS x
    WHERE x.folio = o.folio AND x.subject = o.person AND x.line = o.line)
UNION ALL
SELECT p.batch, r.line, r.name, o.name, r.id_number
FROM folio AS f JOIN registration AS r ON r.folio = f.id
JOIN retirement AS o ON o.person = r.person
JOIN folio AS p ON p.id = o.folio
WHERE f.batch = :batch AND p.batch <> :batch AND p.confirmed_at > :since
  AND p.state IN ('confirmed', 'sealed') AND o.name <> r.name
  AND NOT EXISTS (SELECT 1 FROM replacement AS x
    WHERE x.folio = o.folio AND x.subject = o.person AND x.line = o.line)

-- name: meanwhile_retirement_names
SELECT p.batch, r.line, r.name, o.name, r.id_number
FROM folio AS f JOIN retirement AS r ON r.folio = f.id
JOIN employment AS e ON e.person = r.person
JOIN folio AS p ON p.id = e.folio
JOIN registration AS o ON o.folio = e.folio AND o.person = e.person
WHERE f.batch = :batch AND p.batch <> :batch AND p.confirmed_at > :since
  AND p.state IN ('confirmed', 'sealed') AND o.name <> r.name
  AND NOT EXISTS (SELECT 1 FROM replacement AS x
    WHERE x.folio = o.folio AND x.subject = o.person AND x.line = o.line)
