-- What the rules ask while stored rows are read again.

-- name: rulewalk_name
SELECT r.name FROM employment e
JOIN folio f ON f.id = e.folio AND f.state IN ('confirmed', 'sealed')
JOIN registration r ON r.folio = e.folio AND r.person = e.person
WHERE e.person = :person
ORDER BY CASE WHEN e.folio < :folio THEN 0 ELSE 1 END, e.folio DESC LIMIT 1

-- name: rulewalk_replacements
SELECT EXISTS (SELECT 1 FROM replacement)

-- name: rulewalk_employer
SELECT r.insured_on, r.newly_covered, r.pseudo_unit FROM folio AS f
JOIN employer_record AS r ON r.folio = f.id AND r.employer = :employer
WHERE f.form = 'employer' AND f.confirmed_at <= :as_of AND (f.ended_at IS NULL OR f.ended_at > :as_of)
ORDER BY r.folio DESC, r.line DESC LIMIT 1

-- name: rulewalk_succession
SELECT s.since, s.successor, (SELECT MAX(a.value) FROM employer_alias AS a
  WHERE a.kind = 'credit-code' AND a.employer = s.successor)
FROM folio AS f JOIN succession AS s ON s.folio = f.id AND s.employer = :employer
WHERE f.form = 'successor' AND f.confirmed_at <= :as_of AND (f.ended_at IS NULL OR f.ended_at > :as_of)
ORDER BY s.folio DESC, s.line DESC LIMIT 1
