-- What the rules ask while stored rows are read again.

-- name: rulewalk_facts
SELECT r.id_number, r.name, r.payer, r.born, r.insured_on, r.sex
FROM employment e
JOIN folio f ON f.id = e.folio AND f.state IN ('confirmed', 'sealed')
JOIN registration r ON r.folio = e.folio AND r.person = e.person
WHERE e.person = :person
ORDER BY CASE WHEN e.folio < :folio THEN 0 ELSE 1 END, e.folio DESC LIMIT 1

-- name: rulewalk_replacements
SELECT EXISTS (SELECT 1 FROM replacement)
