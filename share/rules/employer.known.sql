-- id: employer.known
-- class: completeness
-- severity: error
-- clause: R4.1.1
-- looks-at: employers that folios and payments name, of whom nothing is entered
-- advice: bring the employer in with the employer form: what stands under it is nobody's
-- scan: every folio, payment and change
SELECT 'employer ' || COALESCE((SELECT MAX(employer_alias.value)
                     FROM employer_alias
                    WHERE employer_alias.kind = 'credit-code'
                      AND employer_alias.employer = named.employer),
                  'number ' || CAST(named.employer AS TEXT)) AS record,
       'employer' AS field,
       'not entered' AS found,
       'an employer whose form is confirmed' AS expected,
       'employer' AS kind,
       named.employer AS employer,
       named.folio AS folio
  FROM (SELECT told.employer AS employer, MIN(told.folio) AS folio
          FROM (SELECT folio.employer AS employer, folio.id AS folio
                  FROM folio
                 WHERE folio.employer IS NOT NULL
                   AND folio.state IN ('confirmed', 'sealed')
                 UNION ALL
                SELECT levy.employer, levy.folio
                  FROM levy
                  JOIN folio ON folio.id = levy.folio
                 WHERE folio.state IN ('confirmed', 'sealed')
                 UNION ALL
                SELECT employment_change.to_employer, employment_change.folio
                  FROM employment_change
                  JOIN folio ON folio.id = employment_change.folio
                 WHERE employment_change.to_employer IS NOT NULL
                   AND folio.state IN ('confirmed', 'sealed')) AS told
         GROUP BY told.employer) AS named
  LEFT JOIN (SELECT DISTINCT employer_record.employer AS employer
               FROM employer_record
               JOIN folio ON folio.id = employer_record.folio
              WHERE folio.state IN ('confirmed', 'sealed')) AS entered ON entered.employer = named.employer
 WHERE entered.employer IS NULL
 ORDER BY named.employer;
