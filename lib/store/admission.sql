-- Rows of a batch that came in by another one while it lay staged: the other
-- batch, and a line of this one.

-- name: admission_repeated_levy
SELECT p.batch, l.line FROM folio AS f JOIN levy AS l ON l.folio = f.id
JOIN levy AS o ON o.voucher = l.voucher AND o.employer = l.employer AND o.year = l.year
  AND o.insurance = l.insurance AND o.amount_fen = l.amount_fen
JOIN folio AS p ON p.id = o.folio
WHERE f.batch = :batch AND p.batch <> :batch AND p.state IN ('confirmed', 'sealed')
LIMIT 1

-- name: admission_repeated_registration
SELECT p.batch, r.line FROM folio AS f JOIN registration AS r ON r.folio = f.id
JOIN employment AS e ON e.person = r.person AND e.employer = f.employer AND e.since = r.insured_on
JOIN folio AS p ON p.id = e.folio
WHERE f.batch = :batch AND p.batch <> :batch AND p.state IN ('confirmed', 'sealed')
LIMIT 1

-- name: admission_repeated_employer
-- scan: all the employers there are, once for a batch of them
SELECT p.batch, r.line FROM employer_record AS o JOIN folio AS p ON p.id = o.folio
JOIN folio AS f ON f.batch = :batch
JOIN employer_record AS r ON r.folio = f.id AND r.employer = o.employer
WHERE p.batch <> :batch AND p.state IN ('confirmed', 'sealed')
LIMIT 1

-- name: admission_taken_months
-- From the smaller of two folios into the larger: those of a review have few rows, and
-- there may be many of them.
SELECT o.id, c.line, (SELECT r.id_number FROM employment AS e
    JOIN registration AS r ON r.folio = e.folio AND r.person = e.person
    WHERE e.person = c.person ORDER BY r.folio DESC LIMIT 1)
FROM folio AS f CROSS JOIN folio AS o CROSS JOIN contribution AS c CROSS JOIN contribution AS d
WHERE f.batch = :batch AND f.state IN ('staged', 'held')
  AND o.employer = f.employer AND o.form = f.form AND o.period = f.period AND o.rows >= f.rows
  AND o.batch <> :batch AND o.state IN ('confirmed', 'sealed', 'held')
  AND c.folio = f.id AND d.folio = o.id AND d.person = c.person
  AND c.kind = 1 AND d.kind = 1 AND (c.months & d.months) <> 0
  AND NOT EXISTS (SELECT 1 FROM replacement AS x
    WHERE x.folio = d.folio AND x.subject = d.person AND x.line = d.line)
UNION ALL
SELECT o.id, c.line, (SELECT r.id_number FROM employment AS e
    JOIN registration AS r ON r.folio = e.folio AND r.person = e.person
    WHERE e.person = c.person ORDER BY r.folio DESC LIMIT 1)
FROM folio AS f CROSS JOIN folio AS o CROSS JOIN contribution AS d CROSS JOIN contribution AS c
WHERE f.batch = :batch AND f.state IN ('staged', 'held')
  AND o.employer = f.employer AND o.form = f.form AND o.period = f.period AND o.rows < f.rows
  AND o.batch <> :batch AND o.state IN ('confirmed', 'sealed', 'held')
  AND c.folio = f.id AND d.folio = o.id AND d.person = c.person
  AND c.kind = 1 AND d.kind = 1 AND (c.months & d.months) <> 0
  AND NOT EXISTS (SELECT 1 FROM replacement AS x
    WHERE x.folio = d.folio AND x.subject = d.person AND x.line = d.line)
LIMIT 1

-- name: admission_settled_opening
SELECT p.id, o.line, (SELECT r.id_number FROM employment AS e
    JOIN registration AS r ON r.folio = e.folio AND r.person = e.person
    WHERE e.person = o.person ORDER BY r.folio DESC LIMIT 1)
FROM folio AS f JOIN opening AS o ON o.folio = f.id
JOIN account_year AS a ON a.person = o.person AND a.year >= o.year
JOIN folio AS p ON p.id = a.folio
WHERE f.batch = :batch AND p.form = 'settlement' AND p.state IN ('confirmed', 'sealed')
LIMIT 1

-- name: admission_repeated_opening
SELECT p.batch, r.line FROM folio AS f JOIN opening AS r ON r.folio = f.id
JOIN account_year AS a ON a.person = r.person
JOIN folio AS p ON p.id = a.folio
WHERE f.batch = :batch AND p.batch <> :batch AND p.form = f.form AND p.state IN ('confirmed', 'sealed')
LIMIT 1

-- name: admission_repeated_retirement
SELECT p.batch, r.line FROM folio AS f JOIN retirement AS r ON r.folio = f.id
JOIN retirement AS o ON o.person = r.person
JOIN folio AS p ON p.id = o.folio
WHERE f.batch = :batch AND p.batch <> :batch AND p.state IN ('confirmed', 'sealed')
LIMIT 1

-- name: admission_repeated_change
-- A period of the same person and employer that was told of since this batch was
-- planned.
SELECT p.batch, c.line FROM batch AS b JOIN folio AS f ON f.batch = b.id
JOIN employment_change AS c ON c.folio = f.id
JOIN employment AS e ON e.person = c.person AND e.employer IN (f.employer, c.to_employer)
JOIN folio AS p ON p.id = e.folio
WHERE b.id = :batch AND p.batch <> :batch AND p.state IN ('confirmed', 'sealed') AND p.confirmed_at > b.reference_at
LIMIT 1

-- name: admission_repeated_succession
SELECT p.batch, s.line FROM folio AS f JOIN succession AS s ON s.folio = f.id
JOIN folio AS p ON p.form = f.form AND p.batch <> :batch AND p.state IN ('confirmed', 'sealed')
JOIN succession AS o ON o.folio = p.id AND o.employer = s.employer
WHERE f.batch = :batch
LIMIT 1

-- name: admission_supplemented
-- A version of the same retirement that came in since this batch was planned.
SELECT p.batch, r.line FROM batch AS b JOIN folio AS f ON f.batch = b.id
JOIN retirement AS r ON r.folio = f.id
JOIN retirement AS o ON o.person = r.person
JOIN folio AS p ON p.id = o.folio
WHERE b.id = :batch AND p.batch <> :batch AND p.state IN ('confirmed', 'sealed') AND p.confirmed_at > b.reference_at
LIMIT 1

-- name: admission_figures
SELECT COUNT(CASE state WHEN 'staged' THEN 1 END), COALESCE(SUM(CASE state WHEN 'staged' THEN rows END), 0),
  COALESCE(SUM(CASE state WHEN 'staged' THEN amount_fen END), 0), COUNT(CASE state WHEN 'held' THEN 1 END)
FROM folio WHERE batch = :batch

-- name: admission_confirm
UPDATE folio SET state = 'confirmed', confirmed_at = :at WHERE batch = :batch AND state = 'staged'

-- name: admission_supplement
INSERT INTO replacement (folio, subject, line, at, by_folio, by_line)
SELECT o.folio, o.person, o.line, :at, r.folio, r.line
FROM folio AS f JOIN retirement AS r ON r.folio = f.id
JOIN retirement AS o ON o.person = r.person AND o.folio <> r.folio
JOIN folio AS p ON p.id = o.folio
WHERE f.batch = :batch AND f.confirmed_at = :at AND p.batch <> :batch AND p.state IN ('confirmed', 'sealed')
  AND NOT EXISTS (SELECT 1 FROM replacement AS x
    WHERE x.folio = o.folio AND x.subject = o.person AND x.line = o.line)
