-- id: levy.year
-- class: correctness
-- severity: error
-- clause: R4.2.1
-- looks-at: the pension levy of each employer and year, by which breakdowns are let in, against the payments
-- advice: the sums were changed behind the tools' back: compare them with a backup
-- scan: every payment is added up
SELECT 'levy of ' ||
         COALESCE((SELECT MAX(employer_alias.value)
                     FROM employer_alias
                    WHERE employer_alias.kind = 'credit-code'
                      AND employer_alias.employer = sums.employer),
                  'employer number ' || CAST(sums.employer AS TEXT)) ||
         ' year ' || CAST(sums.year AS TEXT) || ' folio ' || CAST(sums.folio AS TEXT) AS record,
       'amount_fen' AS field,
       CAST(SUM(sums.kept_fen) AS BIGINT) AS found,
       CAST(SUM(sums.paid_fen) AS BIGINT) AS expected
  FROM (SELECT levy_year.employer AS employer, levy_year.year AS year, levy_year.folio AS folio,
               levy_year.amount_fen AS kept_fen, 0 AS paid_fen
          FROM levy_year
         UNION ALL
        SELECT levy.employer, levy.year, levy.folio, 0, levy.amount_fen
          FROM levy
          JOIN folio ON folio.id = levy.folio
         WHERE levy.insurance = 'pension'
           AND folio.state IN ('confirmed', 'sealed')) AS sums
  JOIN folio ON folio.id = sums.folio
 WHERE folio.state IN ('confirmed', 'sealed')
 GROUP BY sums.employer, sums.year, sums.folio
HAVING SUM(sums.kept_fen) <> SUM(sums.paid_fen)
 ORDER BY sums.folio, sums.employer, sums.year;
