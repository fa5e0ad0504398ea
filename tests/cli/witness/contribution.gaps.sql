-- contribution.gaps as one statement, beside which the pass of the program is tried.
--
-- Years count of which a breakdown of the employer is confirmed. Who joins has a period
-- without an end, and another with one when they leave: the end counts.
SELECT 'person ' || COALESCE((SELECT MAX(registration.id_number)
                     FROM employment
                     JOIN registration ON registration.folio = employment.folio AND registration.person = employment.person
                    WHERE employment.person = sums.person),
                  'number ' || CAST(sums.person AS TEXT)) ||
         ' year ' || CAST(sums.period AS TEXT) AS record,
       'months' AS field,
       CAST(sums.paid AS TEXT) || ' months paid' AS found,
       CAST(CASE WHEN sums.employed > 12 THEN 12 ELSE sums.employed END AS TEXT) || ' months employed' AS expected,
       'person' AS kind,
       sums.person AS person
  FROM (SELECT months.year_of / 10000 AS person, months.year_of % 10000 AS period,
               SUM(months.paid) AS paid, SUM(months.employed) AS employed
          FROM (SELECT contribution.person * 10000 + COALESCE(contribution.for_year, folio.period) AS year_of, 0 AS employed,
                       CASE contribution.months WHEN 4095 THEN 12 ELSE
                       (contribution.months & 1) + ((contribution.months >> 1) & 1) + ((contribution.months >> 2) & 1) +
                       ((contribution.months >> 3) & 1) + ((contribution.months >> 4) & 1) + ((contribution.months >> 5) & 1) +
                       ((contribution.months >> 6) & 1) + ((contribution.months >> 7) & 1) + ((contribution.months >> 8) & 1) +
                       ((contribution.months >> 9) & 1) + ((contribution.months >> 10) & 1) + ((contribution.months >> 11) & 1) END AS paid
                  FROM folio
                  JOIN contribution ON contribution.folio = folio.id
                 WHERE folio.state IN ('confirmed', 'sealed')
                   AND folio.form = 'breakdown'
                   AND contribution.kind IN (1, 2)
                   AND NOT EXISTS (SELECT 1 FROM replacement
                                    WHERE replacement.folio = contribution.folio
                                      AND replacement.subject = contribution.person
                                      AND replacement.line = contribution.line)
                 UNION ALL
                SELECT worked.person * 10000 + worked.period,
                       CASE WHEN worked.last > worked.period * 100 + 12 THEN 12 ELSE worked.last % 100 END -
                       CASE WHEN worked.first < worked.period * 100 + 1 THEN 1 ELSE worked.first % 100 END + 1, 0
                  FROM (SELECT told.person AS person, form.period AS period, told.first AS first,
                               CASE WHEN told.retired < told.last THEN told.retired ELSE told.last END AS last
                          FROM (SELECT employment.person AS person, employment.employer AS employer,
                                       employment.since / 100 AS first,
                                       COALESCE(MAX(employment.until) / 100, 999912) AS last,
                                       (SELECT MIN(retirement.retired_on) / 100 FROM retirement
                                         WHERE retirement.person = employment.person) AS retired
                                  FROM employment
                                  JOIN folio ON folio.id = employment.folio
                                 WHERE folio.state IN ('confirmed', 'sealed')
                                 GROUP BY employment.person, employment.employer, employment.since) AS told
                          CROSS JOIN folio AS form ON form.employer = told.employer AND form.form = 'breakdown'
                         WHERE form.state IN ('confirmed', 'sealed')
                           AND NOT EXISTS (SELECT 1 FROM folio AS other
                                            WHERE other.employer = form.employer AND other.form = 'breakdown'
                                              AND other.period = form.period AND other.id < form.id
                                              AND other.state IN ('confirmed', 'sealed'))) AS worked
                 WHERE worked.first <= worked.period * 100 + 12
                   AND worked.last >= worked.period * 100 + 1) AS months
         GROUP BY months.year_of) AS sums
 WHERE sums.paid < CASE WHEN sums.employed > 12 THEN 12 ELSE sums.employed END
 ORDER BY sums.person, sums.period;
