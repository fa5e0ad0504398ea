-- id: successor.repeated
-- class: logic
-- severity: error
-- clause: R4.1.1
-- looks-at: employers that two others are said to have succeeded
-- advice: one of the two has to go: what is wrong goes by pen-amend
-- scan: every succession; there are few
SELECT 'employer ' ||
         COALESCE((SELECT MAX(employer_alias.value)
                     FROM employer_alias
                    WHERE employer_alias.kind = 'credit-code'
                      AND employer_alias.employer = succession.employer),
                  'number ' || CAST(succession.employer AS TEXT)) AS record,
       'successor' AS field,
       CAST(COUNT(*) AS TEXT) || ' successors, the first in folio ' || CAST(MIN(succession.folio) AS TEXT) ||
         ', the last in folio ' || CAST(MAX(succession.folio) AS TEXT) AS found,
       'one successor' AS expected,
       'succession' AS kind,
       MAX(succession.folio) AS folio,
       succession.employer AS employer
  FROM succession
  JOIN folio ON folio.id = succession.folio
 WHERE folio.state IN ('confirmed', 'sealed')
 GROUP BY succession.employer
HAVING COUNT(*) > 1
 ORDER BY succession.employer;
