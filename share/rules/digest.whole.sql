-- id: digest.whole
-- class: seal
-- severity: error
-- clause: R4.1.2
-- looks-at: the length of every digest that the store names
-- advice: something was added to the digest, or cut off, behind the tools' back: compare with a backup
-- scan: everything that names a digest
--
-- The first 64 characters are compared with the whole, so that nothing hides
-- behind a zero byte either.
SELECT kept.record AS record,
       kept.field AS field,
       kept.digest AS found,
       '64 hexadecimal digits' AS expected
  FROM (SELECT 'folio ' || CAST(folio.id AS TEXT) AS record, 'root' AS field, folio.root AS digest
          FROM folio WHERE folio.root IS NOT NULL
         UNION ALL
        SELECT 'seal ' || CAST(seal.id AS TEXT), 'digest', seal.digest FROM seal
         UNION ALL
        SELECT 'batch ' || CAST(batch.id AS TEXT), 'file_digest', batch.file_digest FROM batch
         UNION ALL
        SELECT 'batch ' || CAST(batch.id AS TEXT), 'form_digest', batch.form_digest FROM batch
         UNION ALL
        SELECT 'batch ' || CAST(batch.id AS TEXT), 'rules_digest', batch.rules_digest FROM batch
         UNION ALL
        SELECT 'batch ' || CAST(batch.id AS TEXT), 'parameters_digest', batch.parameters_digest FROM batch
         UNION ALL
        SELECT 'parameters ' || parameter_table.name, 'digest', parameter_table.digest FROM parameter_table
         UNION ALL
        SELECT 'answer of the employer of folio ' || CAST(acknowledgement.folio AS TEXT), 'document',
               acknowledgement.document
          FROM acknowledgement
         UNION ALL
        SELECT 'log ' || CAST(running_log.id AS TEXT), 'document', running_log.document
          FROM running_log WHERE running_log.document IS NOT NULL
         UNION ALL
        SELECT blob.kind || ' ' || blob.name, 'digest', blob.digest FROM blob) AS kept
 WHERE LENGTH(kept.digest) <> 64 OR kept.digest <> SUBSTR(kept.digest, 1, 64) OR kept.digest <> LOWER(kept.digest)
 ORDER BY kept.record, kept.field;
