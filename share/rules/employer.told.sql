-- id: employer.told
-- class: seal
-- severity: error
-- clause: R4.1.1
-- looks-at: the numbers and identifiers by which employers are found, against the records that told of them
-- advice: the identifier was changed, added or taken out behind the tools' back: whoever it finds now is another employer; compare with a backup
-- scan: every employer
--
-- A batch that was interrupted has entered its employers before its rows.
SELECT 'employer number ' || CAST(told.employer AS TEXT) ||
         CASE WHEN told.value = '' THEN '' ELSE ' as ' || told.value END AS record,
       CASE WHEN told.value = '' THEN 'batch' ELSE 'value' END AS field,
       told.found AS found,
       told.expected AS expected,
       'employer' AS kind,
       told.employer AS employer
  FROM (SELECT sums.employer AS employer, sums.value AS value,
               CASE WHEN sums.kept = 0 THEN 'not found by it'
                    WHEN sums.told = 0 THEN 'found by it'
                    ELSE 'brought by batch ' || CAST(sums.kept_batch AS TEXT) END AS found,
               CASE WHEN sums.kept = 0 THEN 'found by it, as a record says'
                    WHEN sums.told = 0 THEN 'a record that says so'
                    ELSE 'brought by batch ' || CAST(sums.told_batch AS TEXT) END AS expected
          FROM (SELECT named.employer AS employer, named.kind AS kind, named.value AS value,
                       SUM(named.kept) AS kept, SUM(named.told) AS told,
                       MAX(named.kept_batch) AS kept_batch, MIN(named.told_batch) AS told_batch
                  FROM (SELECT employer_alias.employer AS employer, employer_alias.kind AS kind, employer_alias.value AS value,
                               1 AS kept, 0 AS told, employer_alias.batch AS kept_batch, NULL AS told_batch
                          FROM employer_alias
                         UNION ALL
                        SELECT employer_record.employer, 'credit-code', employer_record.credit_code, 0, 1, NULL, folio.batch
                          FROM employer_record
                          JOIN folio ON folio.id = employer_record.folio
                         UNION ALL
                        SELECT employer_record.employer, 'unit-number', employer_record.unit_number, 0, 1, NULL, folio.batch
                          FROM employer_record
                          JOIN folio ON folio.id = employer_record.folio
                         WHERE employer_record.unit_number IS NOT NULL) AS named
                 GROUP BY named.employer, named.kind, named.value) AS sums
          LEFT JOIN batch ON batch.id = sums.kept_batch
         WHERE (sums.kept = 0 AND sums.kind = 'credit-code')
            OR (sums.told = 0 AND (batch.id IS NULL OR batch.state <> 'staging'))
            OR (sums.kept_batch <> sums.told_batch
                AND (batch.id IS NULL OR batch.id > sums.told_batch OR batch.state NOT IN ('staging', 'discarded')))
         UNION ALL
        SELECT numbered.employer, '',
               CASE WHEN SUM(numbered.numbered) = 0 THEN 'no such number'
                    WHEN SUM(numbered.aliased) = 0 THEN 'a number without an identifier'
                    ELSE 'batches ' || CAST(MIN(numbered.batch) AS TEXT) || ' and ' || CAST(MAX(numbered.batch) AS TEXT) END,
               'one number, and the identifier that its batch brought'
          FROM (SELECT employer.id AS employer, employer.batch AS batch, 1 AS numbered, 0 AS aliased
                  FROM employer
                 UNION ALL
                SELECT employer_alias.employer, employer_alias.batch, 0, 1
                  FROM employer_alias) AS numbered
         GROUP BY numbered.employer
        HAVING SUM(numbered.numbered) = 0 OR SUM(numbered.aliased) = 0 OR MIN(numbered.batch) <> MAX(numbered.batch)) AS told
 ORDER BY told.employer, told.value;
