-- id: person.dates
-- class: logic
-- severity: error
-- clause: R2.2
-- looks-at: the days on which a person was insured, retired and died, told by different forms: in this order
-- advice: compare the dates with the registration form, the approval form and the death certificate; what is wrong goes by pen-amend
-- scan: every retirement
--
-- A day that another version of a registration has replaced does not count. A change of
-- employment is found by the period that it ended.
-- Who retired before their employer was brought in (新扩面, R4.3.1c) was insured later.
SELECT 'person ' || COALESCE((SELECT MAX(registration.id_number)
                     FROM employment
                     JOIN registration ON registration.folio = employment.folio AND registration.person = employment.person
                    WHERE employment.person = looked.person),
                  'number ' || CAST(looked.person AS TEXT)) AS record,
       looked.field AS field,
       CAST(looked.told AS TEXT) AS found,
       looked.expected AS expected,
       looked.kind AS kind,
       looked.folio AS folio,
       looked.person AS person,
       looked.batch AS batch,
       looked.line AS line
  FROM (SELECT told.person AS person, 'retired_on' AS field, told.retired_on AS told,
               'after the day of insurance, ' || CAST(told.since AS TEXT) AS expected,
               'retirement' AS kind, told.folio AS folio, told.batch AS batch, told.line AS line
          FROM (SELECT retirement.person AS person, retirement.retired_on AS retired_on, retirement.folio AS folio,
                       retirement.line AS line, folio.batch AS batch,
                       (SELECT MIN(employment.since) FROM employment
                         WHERE employment.person = retirement.person
                           AND NOT EXISTS (SELECT 1 FROM registration
                                             JOIN replacement ON replacement.folio = registration.folio
                                                  AND replacement.subject = registration.person
                                                  AND replacement.line = registration.line
                                            WHERE registration.folio = employment.folio
                                              AND registration.person = employment.person
                                              AND registration.insured_on = employment.since)) AS since
                  FROM retirement
                  JOIN folio ON folio.id = retirement.folio
                 WHERE folio.state IN ('confirmed', 'sealed')
                   AND retirement.basis <> 'expansion') AS told
         WHERE told.retired_on < told.since
           AND NOT EXISTS (SELECT 1 FROM replacement
                            WHERE replacement.folio = told.folio
                              AND replacement.subject = told.person
                              AND replacement.line = told.line)
         UNION ALL
        SELECT retirement.person, 'month', employment_change.month,
               'no death before the retirement on ' || CAST(retirement.retired_on AS TEXT),
               'employment-change', employment_change.folio, folio.batch, employment_change.line
          FROM retirement
          JOIN folio AS paper ON paper.id = retirement.folio
         CROSS JOIN employment ON employment.person = retirement.person
         CROSS JOIN employment_change ON employment_change.folio = employment.folio
               AND employment_change.person = employment.person
          JOIN folio ON folio.id = employment_change.folio
         WHERE folio.state IN ('confirmed', 'sealed')
           AND paper.state IN ('confirmed', 'sealed')
           AND employment_change.reason = 'death'
           AND employment_change.month < retirement.retired_on / 100
           AND NOT EXISTS (SELECT 1 FROM replacement
                            WHERE replacement.folio = retirement.folio
                              AND replacement.subject = retirement.person
                              AND replacement.line = retirement.line)) AS looked
 ORDER BY looked.folio, looked.person, looked.line;
