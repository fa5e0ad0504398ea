-- id: reject.mended
-- class: seal
-- severity: error
-- clause: R4.1.2
-- looks-at: rejected and mended lines, whose batches they are, and the batches that are said to have brought rejects in mended
-- advice: a line belongs to a batch, and is mended by a batch that names that as its parent: this was changed behind the tools' back
-- scan: every rejected and every mended line
SELECT 'line ' || CAST(looked.line AS TEXT) || ' of batch ' || CAST(looked.batch AS TEXT) AS record,
       looked.field AS field,
       looked.found AS found,
       looked.expected AS expected,
       'reject' AS kind,
       looked.batch AS batch,
       looked.line AS line
  FROM (SELECT reject.batch AS batch, reject.line AS line, 'mended_by' AS field,
               'batch ' || CAST(reject.mended_by AS TEXT) AS found,
               'a batch that mends batch ' || CAST(reject.batch AS TEXT) AS expected
          FROM reject
          LEFT JOIN batch ON batch.id = reject.mended_by
         WHERE reject.mended_by IS NOT NULL
           AND (batch.id IS NULL OR batch.state = 'discarded'
                OR NOT EXISTS (WITH RECURSIVE above(id) AS (
                     SELECT child.parent FROM batch AS child WHERE child.id = reject.mended_by
                     UNION SELECT older.parent FROM batch AS older JOIN above ON older.id = above.id)
                   SELECT 1 FROM above WHERE above.id = reject.batch))
         UNION ALL
        SELECT reject.batch, reject.line, 'batch', 'a rejected line', 'a batch that read it'
          FROM reject
          LEFT JOIN batch ON batch.id = reject.batch
         WHERE batch.id IS NULL OR batch.state = 'discarded'
         UNION ALL
        SELECT retry.batch, retry.line, 'batch', 'a line that mends one of another batch', 'a rejected line of a batch that mends another'
          FROM retry
          LEFT JOIN batch ON batch.id = retry.batch
          LEFT JOIN reject ON reject.batch = retry.batch AND reject.line = retry.line
         WHERE reject.line IS NULL OR batch.id IS NULL OR batch.parent IS NULL
         UNION ALL
        SELECT repair.batch, repair.line, 'batch', 'a mended line', 'a batch that read it'
          FROM repair
          LEFT JOIN batch ON batch.id = repair.batch
         WHERE batch.id IS NULL OR batch.state = 'discarded') AS looked
 ORDER BY looked.batch, looked.line, looked.field;
