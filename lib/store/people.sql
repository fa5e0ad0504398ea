-- Who is who, as a report shows it.

-- name: people_person
SELECT person FROM person_alias WHERE kind = 'citizen-id' AND value = :value ORDER BY person LIMIT 1

-- name: people_name
SELECT r.id_number, r.name
FROM employment AS e
  JOIN folio AS f ON f.id = e.folio
  JOIN registration AS r ON r.folio = e.folio AND r.person = e.person
WHERE e.person = :person
  AND f.confirmed_at <= :as_of AND (f.ended_at IS NULL OR f.ended_at > :as_of)
  AND NOT EXISTS (SELECT 1 FROM replacement AS x
    WHERE x.folio = r.folio AND x.subject = r.person AND x.line = r.line AND x.at <= :as_of)
ORDER BY r.folio DESC, r.line DESC LIMIT 1

-- name: people_retired
-- Of somebody whose retirement came in without a registration.
SELECT r.id_number, r.name FROM retirement AS r JOIN folio AS f ON f.id = r.folio
WHERE r.person = :person AND f.confirmed_at <= :as_of AND (f.ended_at IS NULL OR f.ended_at > :as_of)
ORDER BY r.folio DESC, r.line DESC LIMIT 1

-- name: people_employer
SELECT employer FROM employer_alias WHERE kind = 'credit-code' AND value = :value ORDER BY employer LIMIT 1

-- name: people_employer_name
SELECT r.credit_code, r.name
FROM folio AS f JOIN employer_record AS r ON r.folio = f.id AND r.employer = :employer
WHERE f.form = 'employer'
  AND f.confirmed_at <= :as_of AND (f.ended_at IS NULL OR f.ended_at > :as_of)
  AND NOT EXISTS (SELECT 1 FROM replacement AS x
    WHERE x.folio = r.folio AND x.subject = r.employer AND x.line = r.line AND x.at <= :as_of)
ORDER BY r.folio DESC, r.line DESC LIMIT 1

-- name: people_signature
SELECT g.staff, t.name, j.time
FROM seal_folio AS k
  JOIN seal AS s ON s.id = k.seal
  JOIN seal_signature AS g ON g.seal = s.id AND g.role = :role
  JOIN journal AS j ON j.at = g.at
  LEFT JOIN staff AS t ON t.id = g.staff
WHERE k.folio = :folio AND g.at <= :as_of
  AND (s.state <> 'void' OR s.ended_at > :as_of)
ORDER BY s.id DESC LIMIT 1
