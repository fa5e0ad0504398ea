-- Settled years that something came in for since.

-- name: earlier_moved
-- A year counts if, after its newest settlement was drawn up, a breakdown of it or
-- of the year before was confirmed, sealed or taken out, or the year before was
-- settled again; or who draws a pension, or a roll of the year, was sealed. What a case settles is of its own people: it makes no year up to date.
SELECT y.year FROM
  (SELECT s.period AS year, MAX(b.reference_at) AS reference
   FROM folio AS s JOIN batch AS b ON b.id = s.batch
   WHERE s.form = 'settlement' AND s.period < :year AND b.amendment IS NULL
     AND s.confirmed_at <= :as_of AND (s.ended_at IS NULL OR s.ended_at > :as_of)
   GROUP BY s.period) AS y
WHERE EXISTS (SELECT 1 FROM folio AS f
  WHERE f.form = 'breakdown' AND f.period IN (y.year - 1, y.year)
    AND (f.confirmed_at > y.reference OR f.sealed_at > y.reference OR f.ended_at > y.reference))
  OR EXISTS (SELECT 1 FROM folio AS r
  WHERE r.form IN ('retirement', 'benefit-supplement', 'assessment', 'assessment-exception')
    AND (r.sealed_at > y.reference OR r.ended_at > y.reference))
  OR EXISTS (SELECT 1 FROM folio AS m
  WHERE m.form = 'roll' AND m.period BETWEEN y.year * 100 + 1 AND y.year * 100 + 12
    AND (m.sealed_at > y.reference OR m.ended_at > y.reference))
  OR EXISTS (SELECT 1 FROM folio AS j
  WHERE j.form = 'merge' AND j.period = y.year AND (j.sealed_at > y.reference OR j.ended_at > y.reference))
  OR EXISTS (SELECT 1 FROM folio AS p
  WHERE p.form = 'settlement' AND p.period = y.year - 1 AND p.confirmed_at > y.reference)
ORDER BY y.year
