-- contribution.entry as one statement, beside which the pass of the program is tried.
--
-- Where only the number of months was told, they are held against somebody only if no
-- laying of them would do: the last months of the year.
SELECT 'contribution of ' || COALESCE((SELECT MAX(registration.id_number)
                     FROM employment
                     JOIN registration ON registration.folio = employment.folio AND registration.person = employment.person
                    WHERE employment.person = paid.person),
                  'number ' || CAST(paid.person AS TEXT)) ||
         ', folio ' || CAST(paid.folio AS TEXT) AS record,
       'months' AS field,
       'month ' || CAST(paid.month AS TEXT) AS found,
       'insured since ' || CAST(paid.since AS TEXT) AS expected,
       'contribution' AS kind,
       paid.folio AS folio,
       paid.person AS person,
       paid.employer AS employer,
       paid.batch AS batch,
       paid.line AS line
  FROM (SELECT contribution.folio AS folio, contribution.person AS person, contribution.line AS line,
               folio.employer AS employer, folio.batch AS batch,
               COALESCE(contribution.for_year, folio.period) * 100 +
               CASE WHEN contribution.months_assumed <> 0 THEN 13 -
                   ((contribution.months & 1) + ((contribution.months >> 1) & 1) + ((contribution.months >> 2) & 1) +
                    ((contribution.months >> 3) & 1) + ((contribution.months >> 4) & 1) + ((contribution.months >> 5) & 1) +
                    ((contribution.months >> 6) & 1) + ((contribution.months >> 7) & 1) + ((contribution.months >> 8) & 1) +
                    ((contribution.months >> 9) & 1) + ((contribution.months >> 10) & 1) + ((contribution.months >> 11) & 1))
                    ELSE CASE WHEN (contribution.months & 1) <> 0 THEN 1 WHEN (contribution.months & 2) <> 0 THEN 2
                         WHEN (contribution.months & 4) <> 0 THEN 3 WHEN (contribution.months & 8) <> 0 THEN 4
                         WHEN (contribution.months & 16) <> 0 THEN 5 WHEN (contribution.months & 32) <> 0 THEN 6
                         WHEN (contribution.months & 64) <> 0 THEN 7 WHEN (contribution.months & 128) <> 0 THEN 8
                         WHEN (contribution.months & 256) <> 0 THEN 9 WHEN (contribution.months & 512) <> 0 THEN 10
                         WHEN (contribution.months & 1024) <> 0 THEN 11 ELSE 12 END END AS month,
               (SELECT MIN(employment.since) FROM employment
                 WHERE employment.person = contribution.person) AS since
          FROM contribution
          JOIN folio ON folio.id = contribution.folio
         WHERE folio.state IN ('confirmed', 'sealed')
           AND contribution.kind = 1
           AND contribution.months > 0
           AND NOT EXISTS (SELECT 1 FROM replacement
                            WHERE replacement.folio = contribution.folio
                              AND replacement.subject = contribution.person
                              AND replacement.line = contribution.line)) AS paid
 WHERE paid.month < paid.since / 100
 ORDER BY paid.folio, paid.person, paid.line;
