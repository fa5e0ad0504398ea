-- id: entry.age
-- class: logic
-- severity: warning
-- clause: R2.1
-- looks-at: the age on the day of insurance: nobody enters at the latest age of retirement
-- advice: compare birth date and day of insurance with the registration form
-- scan: every registration
--
-- 63 and 58 years are the ages to which the reform of 2024 leads (国务院关于渐进式延迟法定退休年龄的办法,
-- annexes 1 and 2); that nobody is at work before 16 is registration.dates.
SELECT 'registration of ' || registration.id_number || ' ' || registration.name AS record,
       'insured_on' AS field,
       CAST(registration.insured_on AS TEXT) || ', born ' || CAST(registration.born AS TEXT) AS found,
       CASE WHEN registration.sex = 1 THEN 'before 63 years of age' ELSE 'before 58 years of age' END AS expected,
       'registration' AS kind,
       registration.folio AS folio,
       registration.person AS person,
       folio.employer AS employer,
       folio.batch AS batch,
       registration.line AS line
  FROM registration
  JOIN folio ON folio.id = registration.folio
 WHERE folio.state IN ('confirmed', 'sealed')
   AND registration.insured_on >= registration.born + CASE WHEN registration.sex = 1 THEN 630000 ELSE 580000 END
   AND NOT EXISTS (SELECT 1 FROM replacement
                    WHERE replacement.folio = registration.folio
                      AND replacement.subject = registration.person
                      AND replacement.line = registration.line)
 ORDER BY registration.folio, registration.person, registration.line;
