-- id: folio.belongs
-- class: seal
-- severity: error
-- clause: R4.1.2
-- looks-at: rows of no folio, folios of no batch, folios with rows in the tables of two kinds, tree nodes of no folio
-- advice: the row came in by a side door: no batch brought it; find out who could write to the store
-- scan: every folio, and of each table the folios that have rows in it
--
-- The folios of a table are found one behind the other, and not by reading its rows.
WITH RECURSIVE
     employer_record_folio (folio) AS (
       SELECT MIN(employer_record.folio) FROM employer_record
        UNION ALL
       SELECT (SELECT MIN(employer_record.folio) FROM employer_record WHERE employer_record.folio > employer_record_folio.folio)
         FROM employer_record_folio
        WHERE employer_record_folio.folio IS NOT NULL),
     registration_folio (folio) AS (
       SELECT MIN(registration.folio) FROM registration
        UNION ALL
       SELECT (SELECT MIN(registration.folio) FROM registration WHERE registration.folio > registration_folio.folio)
         FROM registration_folio
        WHERE registration_folio.folio IS NOT NULL),
     contribution_folio (folio) AS (
       SELECT MIN(contribution.folio) FROM contribution
        UNION ALL
       SELECT (SELECT MIN(contribution.folio) FROM contribution WHERE contribution.folio > contribution_folio.folio)
         FROM contribution_folio
        WHERE contribution_folio.folio IS NOT NULL),
     levy_folio (folio) AS (
       SELECT MIN(levy.folio) FROM levy
        UNION ALL
       SELECT (SELECT MIN(levy.folio) FROM levy WHERE levy.folio > levy_folio.folio)
         FROM levy_folio
        WHERE levy_folio.folio IS NOT NULL),
     opening_folio (folio) AS (
       SELECT MIN(opening.folio) FROM opening
        UNION ALL
       SELECT (SELECT MIN(opening.folio) FROM opening WHERE opening.folio > opening_folio.folio)
         FROM opening_folio
        WHERE opening_folio.folio IS NOT NULL),
     movement_folio (folio) AS (
       SELECT MIN(movement.folio) FROM movement
        UNION ALL
       SELECT (SELECT MIN(movement.folio) FROM movement WHERE movement.folio > movement_folio.folio)
         FROM movement_folio
        WHERE movement_folio.folio IS NOT NULL),
     retirement_folio (folio) AS (
       SELECT MIN(retirement.folio) FROM retirement
        UNION ALL
       SELECT (SELECT MIN(retirement.folio) FROM retirement WHERE retirement.folio > retirement_folio.folio)
         FROM retirement_folio
        WHERE retirement_folio.folio IS NOT NULL),
     employment_change_folio (folio) AS (
       SELECT MIN(employment_change.folio) FROM employment_change
        UNION ALL
       SELECT (SELECT MIN(employment_change.folio) FROM employment_change WHERE employment_change.folio > employment_change_folio.folio)
         FROM employment_change_folio
        WHERE employment_change_folio.folio IS NOT NULL),
     succession_folio (folio) AS (
       SELECT MIN(succession.folio) FROM succession
        UNION ALL
       SELECT (SELECT MIN(succession.folio) FROM succession WHERE succession.folio > succession_folio.folio)
         FROM succession_folio
        WHERE succession_folio.folio IS NOT NULL),
     adjustment_folio (folio) AS (
       SELECT MIN(adjustment.folio) FROM adjustment
        UNION ALL
       SELECT (SELECT MIN(adjustment.folio) FROM adjustment WHERE adjustment.folio > adjustment_folio.folio)
         FROM adjustment_folio
        WHERE adjustment_folio.folio IS NOT NULL),
     benefit_change_folio (folio) AS (
       SELECT MIN(benefit_change.folio) FROM benefit_change
        UNION ALL
       SELECT (SELECT MIN(benefit_change.folio) FROM benefit_change WHERE benefit_change.folio > benefit_change_folio.folio)
         FROM benefit_change_folio
        WHERE benefit_change_folio.folio IS NOT NULL),
     payment_folio (folio) AS (
       SELECT MIN(payment.folio) FROM payment
        UNION ALL
       SELECT (SELECT MIN(payment.folio) FROM payment WHERE payment.folio > payment_folio.folio)
         FROM payment_folio
        WHERE payment_folio.folio IS NOT NULL),
     payment_return_folio (folio) AS (
       SELECT MIN(payment_return.folio) FROM payment_return
        UNION ALL
       SELECT (SELECT MIN(payment_return.folio) FROM payment_return WHERE payment_return.folio > payment_return_folio.folio)
         FROM payment_return_folio
        WHERE payment_return_folio.folio IS NOT NULL),
     assessment_folio (folio) AS (
       SELECT MIN(assessment.folio) FROM assessment
        UNION ALL
       SELECT (SELECT MIN(assessment.folio) FROM assessment WHERE assessment.folio > assessment_folio.folio)
         FROM assessment_folio
        WHERE assessment_folio.folio IS NOT NULL)
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
                  FROM employer_record_folio
                  JOIN employer_record ON employer_record.folio = employer_record_folio.folio
                 WHERE NOT EXISTS (SELECT 1 FROM folio WHERE folio.id = employer_record_folio.folio)
                 UNION ALL
                SELECT 'registration' AS name, 'person number ' || CAST(registration.person AS TEXT) AS subject,
                       registration.folio AS folio, registration.line AS line
                  FROM registration_folio
                  JOIN registration ON registration.folio = registration_folio.folio
                 WHERE NOT EXISTS (SELECT 1 FROM folio WHERE folio.id = registration_folio.folio)
                 UNION ALL
                SELECT 'contribution' AS name, 'person number ' || CAST(contribution.person AS TEXT) AS subject,
                       contribution.folio AS folio, contribution.line AS line
                  FROM contribution_folio
                  JOIN contribution ON contribution.folio = contribution_folio.folio
                 WHERE NOT EXISTS (SELECT 1 FROM folio WHERE folio.id = contribution_folio.folio)
                 UNION ALL
                SELECT 'levy' AS name, 'employer number ' || CAST(levy.employer AS TEXT) AS subject,
                       levy.folio AS folio, levy.line AS line
                  FROM levy_folio
                  JOIN levy ON levy.folio = levy_folio.folio
                 WHERE NOT EXISTS (SELECT 1 FROM folio WHERE folio.id = levy_folio.folio)
                 UNION ALL
                SELECT 'opening' AS name, 'person number ' || CAST(opening.person AS TEXT) AS subject,
                       opening.folio AS folio, opening.line AS line
                  FROM opening_folio
                  JOIN opening ON opening.folio = opening_folio.folio
                 WHERE NOT EXISTS (SELECT 1 FROM folio WHERE folio.id = opening_folio.folio)
                 UNION ALL
                SELECT 'movement' AS name, 'person number ' || CAST(movement.person AS TEXT) AS subject,
                       movement.folio AS folio, movement.line AS line
                  FROM movement_folio
                  JOIN movement ON movement.folio = movement_folio.folio
                 WHERE NOT EXISTS (SELECT 1 FROM folio WHERE folio.id = movement_folio.folio)
                 UNION ALL
                SELECT 'retirement' AS name, 'person number ' || CAST(retirement.person AS TEXT) AS subject,
                       retirement.folio AS folio, retirement.line AS line
                  FROM retirement_folio
                  JOIN retirement ON retirement.folio = retirement_folio.folio
                 WHERE NOT EXISTS (SELECT 1 FROM folio WHERE folio.id = retirement_folio.folio)
                 UNION ALL
                SELECT 'employment_change' AS name, 'person number ' || CAST(employment_change.person AS TEXT) AS subject,
                       employment_change.folio AS folio, employment_change.line AS line
                  FROM employment_change_folio
                  JOIN employment_change ON employment_change.folio = employment_change_folio.folio
                 WHERE NOT EXISTS (SELECT 1 FROM folio WHERE folio.id = employment_change_folio.folio)
                 UNION ALL
                SELECT 'succession' AS name, 'employer number ' || CAST(succession.employer AS TEXT) AS subject,
                       succession.folio AS folio, succession.line AS line
                  FROM succession_folio
                  JOIN succession ON succession.folio = succession_folio.folio
                 WHERE NOT EXISTS (SELECT 1 FROM folio WHERE folio.id = succession_folio.folio)
                 UNION ALL
                SELECT 'adjustment' AS name, 'person number ' || CAST(adjustment.person AS TEXT) AS subject,
                       adjustment.folio AS folio, adjustment.line AS line
                  FROM adjustment_folio
                  JOIN adjustment ON adjustment.folio = adjustment_folio.folio
                 WHERE NOT EXISTS (SELECT 1 FROM folio WHERE folio.id = adjustment_folio.folio)
                 UNION ALL
                SELECT 'benefit_change' AS name, 'person number ' || CAST(benefit_change.person AS TEXT) AS subject,
                       benefit_change.folio AS folio, benefit_change.line AS line
                  FROM benefit_change_folio
                  JOIN benefit_change ON benefit_change.folio = benefit_change_folio.folio
                 WHERE NOT EXISTS (SELECT 1 FROM folio WHERE folio.id = benefit_change_folio.folio)
                 UNION ALL
                SELECT 'payment' AS name, 'person number ' || CAST(payment.person AS TEXT) AS subject,
                       payment.folio AS folio, payment.line AS line
                  FROM payment_folio
                  JOIN payment ON payment.folio = payment_folio.folio
                 WHERE NOT EXISTS (SELECT 1 FROM folio WHERE folio.id = payment_folio.folio)
                 UNION ALL
                SELECT 'payment_return' AS name, 'person number ' || CAST(payment_return.person AS TEXT) AS subject,
                       payment_return.folio AS folio, payment_return.line AS line
                  FROM payment_return_folio
                  JOIN payment_return ON payment_return.folio = payment_return_folio.folio
                 WHERE NOT EXISTS (SELECT 1 FROM folio WHERE folio.id = payment_return_folio.folio)
                 UNION ALL
                SELECT 'assessment' AS name, 'person number ' || CAST(assessment.person AS TEXT) AS subject,
                       assessment.folio AS folio, assessment.line AS line
                  FROM assessment_folio
                  JOIN assessment ON assessment.folio = assessment_folio.folio
                 WHERE NOT EXISTS (SELECT 1 FROM folio WHERE folio.id = assessment_folio.folio)) AS owned
         UNION ALL
        SELECT 'folio ' || CAST(folio.id AS TEXT), 'batch',
               'batch ' || CAST(folio.batch AS TEXT) || ': no such batch', 'the batch that brought it', folio.id
          FROM folio
          LEFT JOIN batch ON batch.id = folio.batch
         WHERE batch.id IS NULL
         UNION ALL
        SELECT 'folio ' || CAST(mixed.folio AS TEXT), 'rows',
               'rows in ' || MIN(mixed.name) || ' and in ' || MAX(mixed.name), 'rows of one kind', mixed.folio
          FROM (SELECT employer_record_folio.folio AS folio, 'employer_record' AS name FROM employer_record_folio
                 UNION ALL
                SELECT registration_folio.folio AS folio, 'registration' AS name FROM registration_folio
                 UNION ALL
                SELECT contribution_folio.folio AS folio, 'contribution' AS name FROM contribution_folio
                 UNION ALL
                SELECT levy_folio.folio AS folio, 'levy' AS name FROM levy_folio
                 UNION ALL
                SELECT opening_folio.folio AS folio, 'opening' AS name FROM opening_folio
                 UNION ALL
                SELECT movement_folio.folio AS folio, 'movement' AS name FROM movement_folio
                 UNION ALL
                SELECT retirement_folio.folio AS folio, 'retirement' AS name FROM retirement_folio
                 UNION ALL
                SELECT employment_change_folio.folio AS folio, 'employment_change' AS name FROM employment_change_folio
                 UNION ALL
                SELECT succession_folio.folio AS folio, 'succession' AS name FROM succession_folio
                 UNION ALL
                SELECT adjustment_folio.folio AS folio, 'adjustment' AS name FROM adjustment_folio
                 UNION ALL
                SELECT benefit_change_folio.folio AS folio, 'benefit_change' AS name FROM benefit_change_folio
                 UNION ALL
                SELECT payment_folio.folio AS folio, 'payment' AS name FROM payment_folio
                 UNION ALL
                SELECT payment_return_folio.folio AS folio, 'payment_return' AS name FROM payment_return_folio
                 UNION ALL
                SELECT assessment_folio.folio AS folio, 'assessment' AS name FROM assessment_folio) AS mixed
         WHERE mixed.folio IS NOT NULL
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
