-- Where something of one employer, or of one person, stands: folios and their batches.

-- name: scope_employer
SELECT f.id, f.batch FROM folio AS f WHERE f.employer = :employer
UNION
SELECT f.id, f.batch FROM folio AS f JOIN levy AS r ON r.folio = f.id AND r.employer = :employer
WHERE f.form = 'levy'
UNION
SELECT f.id, f.batch FROM folio AS f JOIN employer_record AS r ON r.folio = f.id AND r.employer = :employer
WHERE f.form = 'employer'
UNION
SELECT f.id, f.batch FROM folio AS f JOIN succession AS r ON r.folio = f.id AND r.employer = :employer
WHERE f.form = 'successor'
ORDER BY 1

-- name: scope_person
SELECT f.id, f.batch FROM employment AS e JOIN folio AS f ON f.id = e.folio WHERE e.person = :person
UNION
SELECT f.id, f.batch FROM account_year AS a JOIN folio AS f ON f.id = a.folio WHERE a.person = :person
UNION
SELECT f.id, f.batch FROM retirement AS r JOIN folio AS f ON f.id = r.folio WHERE r.person = :person
UNION
SELECT f.id, f.batch FROM employment AS e
JOIN folio AS f ON f.employer = e.employer AND f.form = 'breakdown'
JOIN contribution AS c ON c.folio = f.id AND c.person = e.person
WHERE e.person = :person
ORDER BY 1
