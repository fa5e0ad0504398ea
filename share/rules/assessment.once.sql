-- id: assessment.once
-- class: logic
-- severity: error
-- clause: R4.3.1
-- looks-at: people who have both a retirement that came in by form and an assessment that is sealed
-- advice: one of the two has to go: a form is for who retired before the system computed pensions, and goes by pen-amend
-- scan: every assessment is compared with the retirements of its person
--
-- Whoever came in by form is not assessed (assess.form), and who is assessed counts as
-- retired at import; here it is found what came in by another door.
SELECT 'person number ' || CAST(assessment.person AS TEXT) AS record,
       'person' AS field,
       'a retirement in folio ' || CAST(MIN(retirement.folio) AS TEXT) || ' and an assessment in folio ' ||
         CAST(MAX(assessment.folio) AS TEXT) AS found,
       'the one or the other' AS expected,
       'assessment' AS kind,
       MAX(assessment.folio) AS folio,
       assessment.person AS person,
       MAX(folio.batch) AS batch
  FROM assessment
  JOIN folio ON folio.id = assessment.folio
  JOIN retirement ON retirement.person = assessment.person
  JOIN folio AS form ON form.id = retirement.folio
 WHERE folio.state = 'sealed'
   AND form.state IN ('confirmed', 'sealed')
   AND NOT EXISTS (SELECT 1 FROM replacement
                    WHERE replacement.folio = retirement.folio
                      AND replacement.subject = retirement.person
                      AND replacement.line = retirement.line)
 GROUP BY assessment.person
 ORDER BY assessment.person;
