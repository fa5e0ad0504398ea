-- New versions of rows, and the look at what they come to.

-- name: versions_replace
INSERT INTO replacement (folio, subject, line, at, by_folio, by_line)
VALUES (:folio, :subject, :line, :at, :by_folio, :by_line)

-- name: versions_employ
INSERT INTO employment (person, employer, since, folio) VALUES (:person, :employer, :since, :folio)

-- name: versions_ended
-- A period that a change of employment has ended.
SELECT e.until, e.folio FROM employment AS e
WHERE e.person = :person AND e.employer = :employer AND e.since = :since AND e.until IS NOT NULL LIMIT 1

-- name: versions_person
-- As registered by an entry: the newest version.
SELECT r.insured_on, r.payer, r.born, r.sex, r.name, r.id_number
FROM employment AS e JOIN folio AS f ON f.id = e.folio
JOIN registration AS r ON r.folio = e.folio AND r.person = e.person
WHERE e.person = :person AND f.confirmed_at <= :as_of AND (f.ended_at IS NULL OR f.ended_at > :as_of)
ORDER BY r.folio DESC, r.line DESC LIMIT 1

-- name: versions_since
SELECT MIN(e.since) FROM employment AS e WHERE e.person = :person

-- name: versions_overlap
-- Months of the new rows that other rows of the employer's year have, whatever folio
-- they stand in; by the employer, not by the state.
SELECT n.line, o.folio, o.months
FROM contribution AS n
CROSS JOIN folio AS f ON f.employer = :employer AND f.form = 'breakdown' AND f.period = :period
  AND COALESCE(f.state, '') IN ('confirmed', 'sealed')
CROSS JOIN contribution AS o ON o.folio = f.id AND o.person = n.person
WHERE n.folio = :folio AND n.kind = 1 AND o.kind = 1 AND (n.months & o.months) <> 0
  AND (o.folio <> n.folio OR o.line < n.line)
  AND NOT EXISTS (SELECT 1 FROM replacement AS r
    WHERE r.folio = o.folio AND r.subject = o.person AND r.line = o.line)
ORDER BY n.line

-- name: versions_registered
-- Another registration of the person with the employer since the same day.
SELECT r.folio FROM employment AS e
JOIN registration AS r ON r.folio = e.folio AND r.person = e.person AND r.insured_on = e.since
JOIN folio AS f ON f.id = e.folio AND f.state IN ('confirmed', 'sealed')
WHERE e.person = :person AND e.employer = :employer AND e.since = :since AND e.folio <> :folio
  AND NOT EXISTS (SELECT 1 FROM replacement AS x
    WHERE x.folio = r.folio AND x.subject = r.person AND x.line = r.line)
LIMIT 1

-- name: versions_folio_of_year
SELECT f.id FROM folio AS f
WHERE f.employer = :employer AND f.form = 'breakdown' AND f.period = :period AND f.state IN ('confirmed', 'sealed')
ORDER BY f.id LIMIT 1

-- name: versions_pension
SELECT r.pension_fen FROM retirement AS r JOIN folio AS f ON f.id = r.folio
WHERE r.person = :person AND f.confirmed_at <= :as_of AND (f.ended_at IS NULL OR f.ended_at > :as_of)
  AND NOT EXISTS (SELECT 1 FROM replacement AS x
    WHERE x.folio = r.folio AND x.subject = r.person AND x.line = r.line AND x.at <= :as_of)
ORDER BY r.folio DESC, r.line DESC LIMIT 1
