-- What a scheme of adjustment goes by, of one person at a time.

-- name: adjusting_retirement
SELECT retired_on, born, sex, paid_months + COALESCE(deemed_months, 0)
FROM retirement WHERE folio = :folio AND person = :person AND line = :line
UNION ALL
-- Of who was assessed the registration says who they are.
SELECT a.retired_on, r.born, r.sex, a.paid_months + a.deemed_months
FROM assessment AS a
  JOIN employment AS e ON e.person = a.person
  JOIN folio AS f ON f.id = e.folio
  JOIN registration AS r ON r.folio = e.folio AND r.person = e.person
WHERE a.folio = :folio AND a.person = :person AND a.line = :line
  AND f.confirmed_at <= :as_of AND (f.ended_at IS NULL OR f.ended_at > :as_of)
  AND NOT EXISTS (SELECT 1 FROM replacement AS x
    WHERE x.folio = r.folio AND x.subject = r.person AND x.line = r.line AND x.at <= :as_of)

-- name: adjusting_area
SELECT r.area FROM folio AS f JOIN employer_record AS r ON r.folio = f.id AND r.employer = :employer
WHERE f.form = 'employer' AND f.confirmed_at <= :as_of AND (f.ended_at IS NULL OR f.ended_at > :as_of)
  AND NOT EXISTS (SELECT 1 FROM replacement AS x
    WHERE x.folio = r.folio AND x.subject = r.employer AND x.line = r.line AND x.at <= :as_of)
ORDER BY r.folio DESC, r.line DESC LIMIT 1

-- name: adjusting_open
-- Batches of a month's adjustment that are confirmed and not sealed throughout.
SELECT DISTINCT b.id, b.file_digest FROM folio AS f JOIN batch AS b ON b.id = f.batch
WHERE f.form = 'adjustment' AND f.period = :month AND f.state = 'confirmed'
ORDER BY b.id
