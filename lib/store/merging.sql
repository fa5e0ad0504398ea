-- Who somebody is whose accounts are to be one.

-- name: merging_identity
SELECT r.name, r.sex, r.born
FROM employment AS e JOIN folio AS f ON f.id = e.folio
  JOIN registration AS r ON r.folio = e.folio AND r.person = e.person
WHERE e.person = :person
  AND f.confirmed_at <= :as_of AND (f.ended_at IS NULL OR f.ended_at > :as_of)
  AND NOT EXISTS (SELECT 1 FROM replacement AS x
    WHERE x.folio = r.folio AND x.subject = r.person AND x.line = r.line AND x.at <= :as_of)
ORDER BY r.folio DESC, r.line DESC LIMIT 1

-- name: merging_pensioner
SELECT r.folio FROM retirement AS r JOIN folio AS f ON f.id = r.folio
WHERE r.person = :person AND f.confirmed_at <= :as_of AND (f.ended_at IS NULL OR f.ended_at > :as_of)
UNION SELECT a.folio FROM assessment AS a JOIN folio AS g ON g.id = a.folio
WHERE a.person = :person AND g.confirmed_at <= :as_of AND (g.ended_at IS NULL OR g.ended_at > :as_of)
ORDER BY 1 LIMIT 1

-- name: merging_since
-- A breakdown after a year that somebody has rows of.
SELECT f.id FROM (SELECT t.id FROM employment AS e JOIN folio AS t ON t.employer = e.employer AND t.form = 'breakdown' AND t.period > :year
      WHERE e.person = :person
      UNION SELECT a.folio FROM contribution_aside AS a WHERE a.person = :person AND a.year > :year) AS u
CROSS JOIN folio AS f ON f.id = u.id
WHERE f.confirmed_at <= :as_of AND (f.ended_at IS NULL OR f.ended_at > :as_of)
  AND EXISTS (SELECT 1 FROM contribution AS c WHERE c.folio = f.id AND c.person = :person)
ORDER BY f.id LIMIT 1
