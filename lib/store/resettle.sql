-- Account years of a few people settled again.

-- name: resettle_last
SELECT COALESCE(MAX(period), 0) FROM folio
WHERE form = 'settlement' AND confirmed_at <= :as_of AND (ended_at IS NULL OR ended_at > :as_of)

-- name: resettle_rows
-- What was paid for somebody in a year, at the employers that they were with, in what
-- the year was settled from before, and in the batch itself. A new version counts from
-- the entry that made it, as the row that it replaced counts no more. The folios of the
-- batch are found by it, not by their form and year.
SELECT f.id, CASE WHEN (SELECT b.amendment FROM batch AS b WHERE b.id = f.batch) IS NULL THEN f.sealed_at ELSE f.confirmed_at END,
  f.confirmed_at, f.batch, f.employer, c.months, c.personal_fen, c.for_year, c.arrived,
  (SELECT MIN(r.at) FROM replacement AS r
   WHERE r.folio = c.folio AND r.subject = c.person AND r.line = c.line AND r.at <= :at)
FROM (SELECT t.id FROM employment AS e JOIN folio AS t ON t.employer = e.employer AND t.form = 'breakdown' AND t.period = :year
      WHERE e.person = :person
      UNION SELECT m.source FROM movement AS m WHERE m.folio = :settled AND m.person = :person
      UNION SELECT o.id FROM folio AS o WHERE o.batch = :batch AND COALESCE(o.form, '') = 'breakdown' AND o.period = :year) AS u
CROSS JOIN folio AS f ON f.id = u.id
CROSS JOIN contribution AS c ON c.folio = f.id AND c.person = :person
WHERE f.form = 'breakdown' AND f.period = :year AND f.confirmed_at <= :at AND (f.ended_at IS NULL OR f.ended_at > :at)
ORDER BY f.id, c.line

-- name: resettle_all_rows
-- The same in every breakdown of the year.
SELECT f.id, CASE WHEN (SELECT b.amendment FROM batch AS b WHERE b.id = f.batch) IS NULL THEN f.sealed_at ELSE f.confirmed_at END,
  f.confirmed_at, f.batch, f.employer, c.months, c.personal_fen, c.for_year, c.arrived,
  (SELECT MIN(r.at) FROM replacement AS r
   WHERE r.folio = c.folio AND r.subject = c.person AND r.line = c.line AND r.at <= :at)
FROM folio AS f CROSS JOIN contribution AS c ON c.folio = f.id AND c.person = :person
WHERE f.form = 'breakdown' AND f.period = :year AND f.confirmed_at <= :at AND (f.ended_at IS NULL OR f.ended_at > :at)
ORDER BY f.id, c.line

-- name: resettle_settled
-- What was settled, and up to which entry.
SELECT m.kind, m.personal_principal_fen, m.personal_interest_fen, m.unit_principal_fen, m.unit_interest_fen,
  m.months, m.rate, m.line,
  (SELECT CASE WHEN b.amendment IS NULL THEN b.reference_at ELSE b.confirmed_at END FROM batch AS b WHERE b.id = f.batch),
  f.batch
FROM folio AS f JOIN movement AS m ON m.folio = f.id AND m.person = :person
WHERE f.id = :folio
  AND NOT EXISTS (SELECT 1 FROM replacement AS r
    WHERE r.folio = m.folio AND r.subject = m.person AND r.line = m.line AND r.at < :at)
ORDER BY m.line
