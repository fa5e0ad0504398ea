-- Where people's balances stand.

-- name: places_folios
SELECT id, form, sealed_at, confirmed_at FROM folio
WHERE form IN ('opening', 'settlement', 'close-out', 'merge')
  AND confirmed_at <= :as_of AND (ended_at IS NULL OR ended_at > :as_of)
ORDER BY id

-- name: places_accounts
SELECT person, year, folio FROM account_year
WHERE (person, year, folio) > (:person, :year, :folio)
ORDER BY person, year, folio LIMIT :most

-- name: places_amended_openings
-- Openings that cases made new versions of.
SELECT x.subject, x.folio, x.by_folio, o.confirmed_at
FROM folio AS o JOIN replacement AS x ON x.folio = o.id
WHERE o.form = 'opening' AND x.at <= :as_of
ORDER BY x.subject, x.folio

-- name: places_accounts_of
-- A new version of an opening stands where the one that it replaced stood: it came in
-- when that did.
SELECT a.person, a.year, a.folio, f.form,
  CASE WHEN f.batch = :batch OR (:batch <> 0 AND EXISTS (SELECT 1 FROM batch AS b WHERE b.id = f.batch AND b.amendment IS NOT NULL))
    THEN f.confirmed_at ELSE f.sealed_at END,
  COALESCE((SELECT MIN(o.confirmed_at) FROM account_year AS w
    JOIN replacement AS x ON x.folio = w.folio AND x.subject = w.person AND x.at <= :as_of
    JOIN folio AS o ON o.id = w.folio AND o.form = 'opening'
    WHERE w.person = a.person AND w.year = a.year AND f.form = 'opening'), f.confirmed_at)
FROM account_year AS a JOIN folio AS f ON f.id = a.folio
WHERE a.person = :person
  AND f.confirmed_at <= :as_of AND (f.ended_at IS NULL OR f.ended_at > :as_of)
  AND (f.batch <> :batch OR f.form <> 'settlement')
  AND (f.form <> 'opening' OR NOT EXISTS (SELECT 1 FROM replacement AS x
    WHERE x.folio = a.folio AND x.subject = a.person AND x.at <= :as_of))
ORDER BY a.year, a.folio

-- name: places_enter
INSERT INTO account_year (person, year, folio) VALUES (:person, :year, :folio)
