-- id: batch.counts
-- class: correctness
-- severity: error
-- clause: R4.1.2
-- looks-at: the counts of a batch's receipt against its folios and its rejected lines
-- advice: the receipt, the folios or the rejects were changed behind the tools' back: compare with a backup
-- scan: every batch
SELECT 'batch ' || CAST(counts.id AS TEXT) AS record,
       part.field AS field,
       CASE part.field WHEN 'lines_read' THEN counts.lines_read WHEN 'lines_rejected' THEN counts.lines_rejected
         ELSE counts.lines_accepted END AS found,
       CASE part.field WHEN 'lines_read' THEN counts.lines_accepted + counts.lines_rejected + counts.lines_other
         WHEN 'lines_rejected' THEN counts.rejects ELSE counts.rows END AS expected,
       'batch' AS kind,
       counts.id AS batch
  FROM (SELECT batch.id AS id, batch.lines_read AS lines_read, batch.lines_accepted AS lines_accepted,
               batch.lines_rejected AS lines_rejected, batch.lines_other AS lines_other,
               (SELECT COUNT(*) FROM reject WHERE reject.batch = batch.id) AS rejects,
               (SELECT COALESCE(CAST(SUM(folio.rows) AS BIGINT), 0) FROM folio WHERE folio.batch = batch.id) AS rows
          FROM batch
         WHERE batch.state IN ('staged', 'confirmed')
           AND batch.form <> 'settlement') AS counts
  JOIN (SELECT 'lines_read' AS field
        UNION ALL SELECT 'lines_rejected'
        UNION ALL SELECT 'lines_accepted') AS part
    ON (part.field = 'lines_read' AND counts.lines_read <> counts.lines_accepted + counts.lines_rejected + counts.lines_other)
    OR (part.field = 'lines_rejected' AND counts.lines_rejected <> counts.rejects)
    OR (part.field = 'lines_accepted' AND counts.lines_accepted <> counts.rows)
 ORDER BY counts.id, part.field;
