-- id: case.belongs
-- class: seal
-- severity: error
-- clause: R5.1
-- looks-at: applications, records, fields and steps, whether there is a case that they are of, and whether each has what it is made of
-- advice: what belongs to no case, or lacks its parts, was put in or taken out behind the tools' back
-- scan: every application, record, field and step
SELECT looked.record AS record,
       looked.field AS field,
       looked.found AS found,
       looked.expected AS expected
  FROM (SELECT 'application ' || CAST(application.revision AS TEXT) || ' of case ' || CAST(application.amendment AS TEXT) AS record,
               'revision' AS field,
               COALESCE('the case has ' || CAST(amendment.revision AS TEXT), 'no case') AS found,
               'a revision of a case' AS expected
          FROM amendment_application AS application
          LEFT JOIN amendment ON amendment.id = application.amendment
         WHERE amendment.id IS NULL OR application.revision < 1 OR application.revision > amendment.revision
         UNION ALL
        SELECT 'record ' || CAST(record.number AS TEXT) || ' of case ' || CAST(record.amendment AS TEXT), 'revision',
               CASE WHEN application.amendment IS NULL THEN 'no application' ELSE 'no field' END,
               'a record of an application, with its fields'
          FROM amendment_record AS record
          LEFT JOIN amendment_application AS application
            ON application.amendment = record.amendment AND application.revision = record.revision
         WHERE application.amendment IS NULL
            OR NOT EXISTS (SELECT 1 FROM amendment_field AS named
                            WHERE named.amendment = record.amendment AND named.revision = record.revision
                              AND named.record = record.number)
         UNION ALL
        SELECT 'field ' || named.name || ' of case ' || CAST(named.amendment AS TEXT), 'record', 'no record',
               'a field of a record'
          FROM amendment_field AS named
          LEFT JOIN amendment_record AS record
            ON record.amendment = named.amendment AND record.revision = named.revision AND record.number = named.record
         WHERE record.amendment IS NULL
         UNION ALL
        SELECT 'step ' || CAST(step.number AS TEXT) || ' of case ' || CAST(step.amendment AS TEXT), 'amendment', 'no case', 'a step of a case'
          FROM amendment_step AS step
          LEFT JOIN amendment ON amendment.id = step.amendment
         WHERE amendment.id IS NULL) AS looked
 ORDER BY looked.record, looked.field;
