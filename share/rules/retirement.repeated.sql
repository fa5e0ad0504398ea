-- id: retirement.repeated
-- class: logic
-- severity: error
-- clause: R4.3.1a
-- looks-at: people with two retirements that stand, neither of which filled in the other
-- advice: one of the two has to go: what is wrong goes by pen-amend
-- scan: every retirement is compared with those of its person
--
-- The same rule turns such a line down at import; here it finds what came in by
-- another door.
SELECT 'person ' || MAX(retirement.id_number) AS record,
       'person' AS field,
       CAST(COUNT(*) AS TEXT) || ' retirements, the first in folio ' || CAST(MIN(retirement.folio) AS TEXT) ||
         ', the last in folio ' || CAST(MAX(retirement.folio) AS TEXT) AS found,
       'one retirement' AS expected,
       'retirement' AS kind,
       MAX(retirement.folio) AS folio,
       retirement.person AS person,
       MAX(folio.batch) AS batch
  FROM retirement
  JOIN folio ON folio.id = retirement.folio
 WHERE folio.state IN ('confirmed', 'sealed')
   AND NOT EXISTS (SELECT 1 FROM replacement
                    WHERE replacement.folio = retirement.folio
                      AND replacement.subject = retirement.person
                      AND replacement.line = retirement.line)
 GROUP BY retirement.person
HAVING COUNT(*) > 1
 ORDER BY retirement.person;
