-- id: batch.staged
-- class: workflow
-- severity: warning
-- clause: R4.1.2
-- looks-at: batches that lie staged longer than the agency allows: looked at by nobody, and entered nowhere
-- advice: compare the batch and confirm it (pen-import show, confirm), or discard it
-- days: workflow.confirm-days
-- scan: every batch
SELECT 'batch ' || CAST(batch.id AS TEXT) || ' (' || batch.form || ', ' || batch.file_name || ')' AS record,
       'state' AS field,
       batch.state || ' since ' || SUBSTR(journal.time, 1, 10) AS found,
       'confirmed or discarded within ' || CAST(:days AS TEXT) || ' days' AS expected,
       'batch' AS kind,
       batch.id AS batch
  FROM batch
  JOIN journal ON journal.at = COALESCE(batch.staged_at,
       (SELECT MIN(begun.at) FROM journal AS begun
         WHERE begun.act = 'import.stage' AND begun.subject = 'batch ' || CAST(batch.id AS TEXT)))
 WHERE batch.state IN ('staging', 'staged')
   AND journal.time < :before
 ORDER BY batch.id;
