-- id: case.waits
-- class: workflow
-- severity: warning
-- clause: R5.2
-- looks-at: cases of amendment that are open and wait for their next step longer than the agency allows, or whose time is over
-- advice: ask who is next: pen-amend list says what each case waits for; one whose time is over is asked for anew
-- days: workflow.sign-days
-- scan: every case that is open
SELECT 'case ' || CAST(amendment.id AS TEXT) AS record,
       'state' AS field,
       amendment.state || ' since ' || SUBSTR(journal.time, 1, 10) AS found,
       'the next step within ' || CAST(:days AS TEXT) || ' days' AS expected
  FROM amendment
  JOIN (SELECT amendment_step.amendment AS amendment, MAX(amendment_step.at) AS at
          FROM amendment_step GROUP BY amendment_step.amendment) AS step ON step.amendment = amendment.id
  JOIN journal ON journal.at = step.at
 WHERE amendment.state NOT IN ('closed', 'rejected', 'withdrawn', 'expired')
   AND journal.time < :before
 ORDER BY amendment.id;
