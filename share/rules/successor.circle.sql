-- id: successor.circle
-- class: logic
-- severity: error
-- clause: R4.1.1
-- looks-at: employers that succeed each other in a circle
-- advice: compare the codes with the papers of the merger: old and new are swapped somewhere
-- scan: every succession; there are few
--
-- The same rule turns such a line down at import; here it finds what came in by
-- another door.
WITH RECURSIVE step(start, at) AS (
  SELECT succession.employer, succession.successor
    FROM succession
    JOIN folio ON folio.id = succession.folio
   WHERE folio.state IN ('confirmed', 'sealed')
   UNION
  SELECT step.start, succession.successor
    FROM step
    JOIN succession ON succession.employer = step.at
    JOIN folio ON folio.id = succession.folio
   WHERE folio.state IN ('confirmed', 'sealed'))
SELECT 'employer ' || COALESCE((SELECT MAX(employer_alias.value)
                     FROM employer_alias
                    WHERE employer_alias.kind = 'credit-code'
                      AND employer_alias.employer = step.start),
                  'number ' || CAST(step.start AS TEXT)) AS record,
       'successor' AS field,
       'succeeds itself' AS found,
       'a row of successors that ends' AS expected,
       'succession' AS kind,
       step.start AS employer
  FROM step
 WHERE step.start = step.at
 ORDER BY step.start;
