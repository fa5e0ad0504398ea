-- Who is of an age.

-- name: nearing_of_folio
-- In order, from behind a person on: a man, a woman of one status or of the other. Months of
-- birth of which there are none are 0. A number whose account went into another's is
-- nobody's any more.
SELECT DISTINCT r.person FROM registration AS r
WHERE r.folio = :folio AND r.person > :after
  AND ((r.sex = 1 AND r.born / 100 = :male60) OR (r.sex = 2 AND r.born / 100 IN (:female55, :female50)))
  AND NOT EXISTS (SELECT 1 FROM replacement AS x
    WHERE x.folio = r.folio AND x.subject = r.person AND x.line = r.line AND x.at <= :as_of)
  AND NOT EXISTS (SELECT 1 FROM account_year AS a JOIN folio AS f ON f.id = a.folio AND f.form = 'merge'
    WHERE a.person = r.person AND f.sealed_at <= :as_of AND (f.ended_at IS NULL OR f.ended_at > :as_of))
ORDER BY r.person LIMIT :most
