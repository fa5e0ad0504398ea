-- id: levy.year
-- class: seal
-- severity: error
-- clause: R4.2.1
-- looks-at: the pension levy of each employer and year, by which breakdowns are let in, against the payments
-- advice: the sums were changed behind the tools' back: compare them with a backup
-- scan: every payment is added up
--
-- They are made when a delivery is staged whole, and taken out with it.
SELECT 'levy of ' ||
         COALESCE((SELECT MAX(employer_alias.value)
                     FROM employer_alias
                    WHERE employer_alias.kind = 'credit-code'
                      AND employer_alias.employer = sums.employer),
                  'employer number ' || CAST(sums.employer AS TEXT)) ||
         ' year ' || CAST(sums.year AS TEXT) || ' folio ' || CAST(sums.folio AS TEXT) AS record,
       'amount_fen' AS field,
       CAST(SUM(sums.kept_fen) AS BIGINT) AS found,
       CAST(SUM(sums.paid_fen) AS BIGINT) AS expected,
       'levy-year' AS kind,
       sums.folio AS folio,
       sums.employer AS employer
  FROM (SELECT levy_year.employer AS employer, levy_year.year AS year, levy_year.folio AS folio,
               levy_year.amount_fen AS kept_fen, 0 AS paid_fen, 1 AS kept, 0 AS paid
          FROM levy_year
         UNION ALL
        SELECT levy.employer, levy.year, levy.folio, 0, levy.amount_fen, 0, 1
          FROM levy
         WHERE levy.insurance = 'pension') AS sums
  LEFT JOIN folio ON folio.id = sums.folio
 WHERE folio.id IS NULL OR folio.state <> 'staging'
 GROUP BY sums.employer, sums.year, sums.folio
HAVING SUM(sums.kept_fen) <> SUM(sums.paid_fen) OR SUM(sums.kept) <> 1 OR SUM(sums.paid) = 0
 ORDER BY sums.folio, sums.employer, sums.year;
