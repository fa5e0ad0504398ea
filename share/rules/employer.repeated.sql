-- id: employer.repeated
-- class: logic
-- severity: error
-- clause: R4.1.1
-- looks-at: employers that were entered twice
-- advice: one of the two has to go: a change of an employer's data goes by pen-amend
-- scan: every employer
--
-- The same rule turns such a line down at import; here it finds what came in by
-- another door.
SELECT 'employer ' || MAX(employer_record.credit_code) AS record,
       'employer' AS field,
       CAST(COUNT(*) AS TEXT) || ' records, the first in folio ' || CAST(MIN(employer_record.folio) AS TEXT) ||
         ', the last in folio ' || CAST(MAX(employer_record.folio) AS TEXT) AS found,
       'one record' AS expected,
       'employer' AS kind,
       MAX(employer_record.folio) AS folio,
       employer_record.employer AS employer
  FROM employer_record
  JOIN folio ON folio.id = employer_record.folio
 WHERE folio.state IN ('confirmed', 'sealed')
   AND NOT EXISTS (SELECT 1 FROM replacement
                    WHERE replacement.folio = employer_record.folio
                      AND replacement.subject = employer_record.employer
                      AND replacement.line = employer_record.line)
 GROUP BY employer_record.employer
HAVING COUNT(*) > 1
 ORDER BY employer_record.employer;
