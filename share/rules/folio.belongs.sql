-- id: folio.belongs
-- class: seal
-- severity: error
-- clause: R4.1.2
-- looks-at: rows of no folio, folios of no batch, folios with rows in the tables of two kinds, tree nodes of no folio
-- advice: the row came in by a side door: no batch brought it; find out who could write to the store
-- scan: every row
SELECT stray.record AS record,
       stray.field AS field,
       stray.found AS found,
       stray.expected AS expected
  FROM (SELECT owned.name || ' of ' || owned.subject || ', folio ' || CAST(owned.folio AS TEXT) ||
                 ', line ' || CAST(owned.line AS TEXT) AS record,
               'folio' AS field,
               'folio ' || CAST(owned.folio AS TEXT) || ': no such folio' AS found,
               'a folio that a batch brought' AS expected,
               owned.folio AS folio
          FROM (SELECT 'employer_record' AS name, 'employer number ' || CAST(employer_record.employer AS TEXT) AS subject,
                       employer_record.folio AS folio, employer_record.line AS line
                  FROM employer_record
                 UNION ALL
                SELECT 'registration' AS name, 'person number ' || CAST(registration.person AS TEXT) AS subject,
                       registration.folio AS folio, registration.line AS line
                  FROM registration
                 UNION ALL
                SELECT 'contribution' AS name, 'person number ' || CAST(contribution.person AS TEXT) AS subject,
                       contribution.folio AS folio, contribution.line AS line
                  FROM contribution
                 UNION ALL
                SELECT 'levy' AS name, 'employer number ' || CAST(levy.employer AS TEXT) AS subject,
                       levy.folio AS folio, levy.line AS line
                  FROM levy
                 UNION ALL
                SELECT 'opening' AS name, 'person number ' || CAST(opening.person AS TEXT) AS subject,
                       opening.folio AS folio, opening.line AS line
                  FROM opening
                 UNION ALL
                SELECT 'movement' AS name, 'person number ' || CAST(movement.person AS TEXT) AS subject,
                       movement.folio AS folio, movement.line AS line
                  FROM movement
                 UNION ALL
                SELECT 'retirement' AS name, 'person number ' || CAST(retirement.person AS TEXT) AS subject,
                       retirement.folio AS folio, retirement.line AS line
                  FROM retirement
                 UNION ALL
                SELECT 'employment_change' AS name, 'person number ' || CAST(employment_change.person AS TEXT) AS subject,
                       employment_change.folio AS folio, employment_change.line AS line
                  FROM employment_change
                 UNION ALL
                SELECT 'succession' AS name, 'employer number ' || CAST(succession.employer AS TEXT) AS subject,
                       succession.folio AS folio, succession.line AS line
                  FROM succession) AS owned
          LEFT JOIN folio ON folio.id = owned.folio
         WHERE folio.id IS NULL
         UNION ALL
        SELECT 'folio ' || CAST(folio.id AS TEXT), 'batch',
               'batch ' || CAST(folio.batch AS TEXT) || ': no such batch', 'the batch that brought it', folio.id
          FROM folio
          LEFT JOIN batch ON batch.id = folio.batch
         WHERE batch.id IS NULL
         UNION ALL
        SELECT 'folio ' || CAST(mixed.folio AS TEXT), 'rows',
               'rows in ' || MIN(mixed.name) || ' and in ' || MAX(mixed.name), 'rows of one kind', mixed.folio
          FROM (SELECT DISTINCT employer_record.folio AS folio, 'employer_record' AS name FROM employer_record
                 UNION ALL
                SELECT DISTINCT registration.folio AS folio, 'registration' AS name FROM registration
                 UNION ALL
                SELECT DISTINCT contribution.folio AS folio, 'contribution' AS name FROM contribution
                 UNION ALL
                SELECT DISTINCT levy.folio AS folio, 'levy' AS name FROM levy
                 UNION ALL
                SELECT DISTINCT opening.folio AS folio, 'opening' AS name FROM opening
                 UNION ALL
                SELECT DISTINCT movement.folio AS folio, 'movement' AS name FROM movement
                 UNION ALL
                SELECT DISTINCT retirement.folio AS folio, 'retirement' AS name FROM retirement
                 UNION ALL
                SELECT DISTINCT employment_change.folio AS folio, 'employment_change' AS name FROM employment_change
                 UNION ALL
                SELECT DISTINCT succession.folio AS folio, 'succession' AS name FROM succession) AS mixed
         GROUP BY mixed.folio
        HAVING COUNT(*) > 1
         UNION ALL
        SELECT 'node ' || CAST(folio_node.number AS TEXT) || ' of level ' || CAST(folio_node.level AS TEXT) ||
                 ' of folio ' || CAST(folio_node.folio AS TEXT), 'folio',
               CASE WHEN folio.id IS NULL THEN 'no such folio' ELSE 'a folio without a root' END,
               'a folio whose root was made', folio_node.folio
          FROM folio_node
          LEFT JOIN folio ON folio.id = folio_node.folio
         WHERE folio.root IS NULL) AS stray
 ORDER BY stray.folio, stray.record;
