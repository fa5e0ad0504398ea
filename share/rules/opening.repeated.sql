-- id: opening.repeated
-- class: logic
-- severity: error
-- clause: R2.2
-- looks-at: people with two opening balances, in two folios
-- advice: one of the two has to go: keep the balance that is on the old account; what is wrong goes by pen-amend
-- scan: every opening balance
--
-- The same rule turns such a line down at import, and finds it within one folio; here it
-- finds what came in by another door.
SELECT 'opening of ' || COALESCE((SELECT MAX(registration.id_number)
                     FROM employment
                     JOIN registration ON registration.folio = employment.folio AND registration.person = employment.person
                    WHERE employment.person = opening.person),
                  'number ' || CAST(opening.person AS TEXT)) AS record,
       'person' AS field,
       CAST(COUNT(*) AS TEXT) || ' opening balances, the first in folio ' || CAST(MIN(opening.folio) AS TEXT) ||
         ', the last in folio ' || CAST(MAX(opening.folio) AS TEXT) AS found,
       'one opening balance' AS expected,
       'opening' AS kind,
       MAX(opening.folio) AS folio,
       opening.person AS person,
       MAX(folio.batch) AS batch
  FROM opening
  JOIN folio ON folio.id = opening.folio
 WHERE folio.state IN ('confirmed', 'sealed')
   AND NOT EXISTS (SELECT 1 FROM replacement
                    WHERE replacement.folio = opening.folio
                      AND replacement.subject = opening.person
                      AND replacement.line = opening.line)
 GROUP BY opening.person
HAVING MIN(opening.folio) <> MAX(opening.folio)
 ORDER BY opening.person;
