-- registration.repeated as one statement, beside which the pass of the program is tried.
--
-- The same rule turns such a line down at import, and finds it within one folio; here it
-- finds what came in by another door.
SELECT 'registration of ' || MAX(registration.id_number) || ' ' || MAX(registration.name) AS record,
       'insured_on' AS field,
       CAST(COUNT(*) AS TEXT) || ' since ' || CAST(registration.insured_on AS TEXT) || ', the first in folio ' ||
         CAST(MIN(registration.folio) AS TEXT) || ', the last in folio ' || CAST(MAX(registration.folio) AS TEXT) AS found,
       'one registration' AS expected,
       'registration' AS kind,
       MAX(registration.folio) AS folio,
       registration.person AS person,
       folio.employer AS employer,
       MAX(folio.batch) AS batch
  FROM registration
  JOIN folio ON folio.id = registration.folio
 WHERE folio.state IN ('confirmed', 'sealed')
   AND NOT EXISTS (SELECT 1 FROM replacement
                    WHERE replacement.folio = registration.folio
                      AND replacement.subject = registration.person
                      AND replacement.line = registration.line)
 GROUP BY registration.person, folio.employer, registration.insured_on
HAVING MIN(registration.folio) <> MAX(registration.folio)
 ORDER BY registration.person, folio.employer;
