-- id: blob.kept
-- class: seal
-- severity: error
-- clause: R4.1.2
-- looks-at: what batches, answers, cases and parameters name by digest, whether the store keeps it, and as many bytes of it
-- advice: what the digest names was taken out, or the digest was changed: take it from a backup
-- scan: everything that names a digest
--
-- What is there is read and hashed by pen-verify seals (blob.digest). A batch that
-- is still being staged keeps its source with its last rows; one that was discarded before
-- has none.
SELECT named.record AS record,
       named.field AS field,
       CASE WHEN blob.digest IS NULL THEN 'nothing under ' || named.digest
            WHEN chunk.number IS NULL THEN 'no bytes of ' || named.digest
            ELSE CAST(named.bytes AS TEXT) || ' bytes' END AS found,
       CASE WHEN blob.digest IS NULL OR chunk.number IS NULL THEN 'kept whole'
            ELSE CAST(blob.bytes AS TEXT) || ' bytes' END AS expected
  FROM (SELECT 'batch ' || CAST(batch.id AS TEXT) AS record, 'file_digest' AS field, batch.file_digest AS digest,
               batch.file_bytes AS bytes
          FROM batch WHERE batch.state <> 'staging' AND NOT (batch.state = 'discarded' AND batch.staged_at IS NULL)
         UNION ALL
        SELECT 'batch ' || CAST(batch.id AS TEXT), 'form_digest', batch.form_digest, NULL FROM batch
         UNION ALL
        SELECT 'batch ' || CAST(batch.id AS TEXT), 'rules_digest', batch.rules_digest, NULL FROM batch
         UNION ALL
        SELECT 'batch ' || CAST(batch.id AS TEXT), 'parameters_digest', batch.parameters_digest, NULL FROM batch
         UNION ALL
        SELECT 'answer of the employer of folio ' || CAST(acknowledgement.folio AS TEXT), 'document',
               acknowledgement.document, NULL
          FROM acknowledgement
         UNION ALL
        SELECT 'log ' || CAST(running_log.id AS TEXT), 'document', running_log.document, NULL
          FROM running_log WHERE running_log.document IS NOT NULL
         UNION ALL
        SELECT 'case ' || CAST(amendment_application.amendment AS TEXT), 'original', amendment_application.original, NULL
          FROM amendment_application
         UNION ALL
        SELECT 'case ' || CAST(amendment_application.amendment AS TEXT), 'evidence', amendment_application.evidence, NULL
          FROM amendment_application
         UNION ALL
        SELECT 'benefit-change of person number ' || CAST(benefit_change.person AS TEXT) || ', folio ' || CAST(benefit_change.folio AS TEXT),
               'paper', benefit_change.paper, NULL
          FROM benefit_change WHERE benefit_change.paper IS NOT NULL
         UNION ALL
        SELECT 'assessment of person number ' || CAST(assessment.person AS TEXT), 'trace', assessment.trace, NULL FROM assessment
         UNION ALL
        SELECT 'assessment of person number ' || CAST(assessment.person AS TEXT), 'paper', assessment.paper, NULL
          FROM assessment WHERE assessment.paper IS NOT NULL
         UNION ALL
        SELECT 'parameters ' || parameter_table.name, 'digest', parameter_table.digest, NULL FROM parameter_table
         UNION ALL
        SELECT 'what is kept as ' || blob_chunk.digest, 'digest', blob_chunk.digest, NULL
          FROM blob_chunk
         UNION ALL
        SELECT blob.kind || ' ' || blob.name, 'content', blob.digest, NULL FROM blob) AS named
  LEFT JOIN blob ON blob.digest = named.digest
  LEFT JOIN blob_chunk AS chunk ON chunk.digest = named.digest AND chunk.number = 0
 WHERE blob.digest IS NULL OR chunk.number IS NULL OR named.bytes <> blob.bytes
 ORDER BY named.record, named.field;
