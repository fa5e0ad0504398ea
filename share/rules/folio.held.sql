-- id: folio.held
-- class: workflow
-- severity: warning
-- clause: R4.2.1
-- looks-at: folios that are held longer than the agency allows
-- advice: bring in the levy that is missing, or decide: pen-import release or reject
-- days: workflow.review-days
-- scan: every hold; there are few
SELECT 'folio ' || CAST(folio.id AS TEXT) || ' (' || folio.form || ') of batch ' || CAST(folio.batch AS TEXT) AS record,
       'state' AS field,
       'held by ' || hold.rule || ' since ' || SUBSTR(journal.time, 1, 10) AS found,
       'let in or rejected within ' || CAST(:days AS TEXT) || ' days' AS expected,
       'folio' AS kind,
       folio.id AS folio,
       folio.employer AS employer,
       folio.batch AS batch
  FROM hold
  JOIN folio ON folio.id = hold.folio
  JOIN journal ON journal.at = hold.at
 WHERE hold.ended_at IS NULL
   AND folio.state = 'held'
   AND journal.time < :before
 ORDER BY folio.id, hold.rule;
