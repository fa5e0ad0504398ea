-- id: person.told
-- class: seal
-- severity: error
-- clause: R4.1.1
-- looks-at: the numbers and identifiers by which people are found, against the registrations and retirements that told of them
-- advice: the identifier was changed, added or taken out behind the tools' back: whoever it finds now is somebody else; compare with a backup
-- scan: every registration and every retirement
--
-- A citizen id of 15 digits is lifted to 18 as it is on the way in (GB 11643):
-- the century, and the check character by the weights of the 17 before it; the
-- weights of the century's 1 and 9 come to 11, which is nothing here. A batch
-- that was interrupted has entered its people before its rows.
SELECT 'person number ' || CAST(told.person AS TEXT) ||
         CASE WHEN told.value = '' THEN '' ELSE ' as ' || told.value END AS record,
       CASE WHEN told.value = '' THEN 'batch' ELSE 'value' END AS field,
       told.found AS found,
       told.expected AS expected,
       'person' AS kind,
       told.person AS person
  FROM (SELECT sums.person AS person, sums.value AS value,
               CASE WHEN sums.kept = 0 THEN 'not found by it'
                    WHEN sums.told = 0 THEN 'found by it'
                    ELSE 'brought by batch ' || CAST(sums.kept_batch AS TEXT) END AS found,
               CASE WHEN sums.kept = 0 THEN 'found by it, as a registration or a retirement says'
                    WHEN sums.told = 0 THEN 'a registration or a retirement that says so'
                    ELSE 'brought by batch ' || CAST(sums.told_batch AS TEXT) END AS expected
          FROM (SELECT named.person AS person, named.kind AS kind, named.value AS value,
                       SUM(named.kept) AS kept, SUM(named.told) AS told,
                       MAX(named.kept_batch) AS kept_batch, MIN(named.told_batch) AS told_batch
                  FROM (SELECT person_alias.person AS person, person_alias.kind AS kind, person_alias.value AS value,
                               1 AS kept, 0 AS told, person_alias.batch AS kept_batch, NULL AS told_batch
                          FROM person_alias
                         UNION ALL
                        SELECT registered.person, 'citizen-id',
                               CASE WHEN LENGTH(registered.id) = 15
                                    THEN SUBSTR(registered.id, 1, 6) || '19' || SUBSTR(registered.id, 7, 9) ||
                                         SUBSTR('10X98765432',
                                                (7 * CAST(SUBSTR(registered.id, 1, 1) AS INTEGER) +
                                                 9 * CAST(SUBSTR(registered.id, 2, 1) AS INTEGER) +
                                                 10 * CAST(SUBSTR(registered.id, 3, 1) AS INTEGER) +
                                                 5 * CAST(SUBSTR(registered.id, 4, 1) AS INTEGER) +
                                                 8 * CAST(SUBSTR(registered.id, 5, 1) AS INTEGER) +
                                                 4 * CAST(SUBSTR(registered.id, 6, 1) AS INTEGER) +
                                                 6 * CAST(SUBSTR(registered.id, 7, 1) AS INTEGER) +
                                                 3 * CAST(SUBSTR(registered.id, 8, 1) AS INTEGER) +
                                                 7 * CAST(SUBSTR(registered.id, 9, 1) AS INTEGER) +
                                                 9 * CAST(SUBSTR(registered.id, 10, 1) AS INTEGER) +
                                                 10 * CAST(SUBSTR(registered.id, 11, 1) AS INTEGER) +
                                                 5 * CAST(SUBSTR(registered.id, 12, 1) AS INTEGER) +
                                                 8 * CAST(SUBSTR(registered.id, 13, 1) AS INTEGER) +
                                                 4 * CAST(SUBSTR(registered.id, 14, 1) AS INTEGER) +
                                                 2 * CAST(SUBSTR(registered.id, 15, 1) AS INTEGER)) % 11 + 1, 1)
                                    ELSE registered.id END,
                               0, 1, NULL, registered.batch
                          FROM (SELECT registration.person AS person, registration.id_number AS id, folio.batch AS batch
                                  FROM registration
                                  JOIN folio ON folio.id = registration.folio
                                 UNION ALL
                                SELECT retirement.person, retirement.id_number, folio.batch
                                  FROM retirement
                                  JOIN folio ON folio.id = retirement.folio) AS registered) AS named
                 GROUP BY named.person, named.kind, named.value) AS sums
          LEFT JOIN batch ON batch.id = sums.kept_batch
         WHERE sums.kept = 0
            OR (sums.told = 0 AND (batch.id IS NULL OR batch.state <> 'staging'))
            OR (sums.kept_batch <> sums.told_batch
                AND (batch.id IS NULL OR batch.id > sums.told_batch OR batch.state NOT IN ('staging', 'discarded')))
         UNION ALL
        SELECT numbered.person, '',
               CASE WHEN SUM(numbered.numbered) = 0 THEN 'no such number'
                    WHEN SUM(numbered.aliased) = 0 THEN 'a number without an identifier'
                    ELSE 'batches ' || CAST(MIN(numbered.batch) AS TEXT) || ' and ' || CAST(MAX(numbered.batch) AS TEXT) END,
               'one number, and the identifier that its batch brought'
          FROM (SELECT person.id AS person, person.batch AS batch, 1 AS numbered, 0 AS aliased
                  FROM person
                 UNION ALL
                SELECT person_alias.person, person_alias.batch, 0, 1
                  FROM person_alias) AS numbered
         GROUP BY numbered.person
        HAVING SUM(numbered.numbered) = 0 OR SUM(numbered.aliased) = 0 OR MIN(numbered.batch) <> MAX(numbered.batch)) AS told
 ORDER BY told.person, told.value;
