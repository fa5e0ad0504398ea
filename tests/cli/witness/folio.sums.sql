-- folio.sums as one statement, beside which the pass of the program is tried.
--
-- A folio's rows are all in one table; the others give 0. The amount of a settlement
-- is looked at where it is worked out again (settlement.rows).
SELECT 'folio ' || CAST(made.id AS TEXT) || ' (' || made.form || ') of batch ' || CAST(made.batch AS TEXT) AS record,
       part.field AS field,
       CASE part.field WHEN 'rows' THEN made.rows WHEN 'unit_fen' THEN made.unit_fen
         WHEN 'personal_fen' THEN made.personal_fen ELSE made.amount_fen END AS found,
       CASE part.field WHEN 'rows' THEN made.kept_rows WHEN 'unit_fen' THEN made.kept_unit_fen
         WHEN 'personal_fen' THEN made.kept_personal_fen ELSE made.kept_amount_fen END AS expected,
       'folio' AS kind,
       made.id AS folio,
       made.batch AS batch
  FROM (SELECT folio.id AS id, folio.form AS form, folio.batch AS batch,
               folio.rows AS kept_rows, folio.unit_fen AS kept_unit_fen,
               folio.personal_fen AS kept_personal_fen, folio.amount_fen AS kept_amount_fen,
               (SELECT COUNT(*) FROM employer_record WHERE employer_record.folio = folio.id) +
                 (SELECT COUNT(*) FROM registration WHERE registration.folio = folio.id) +
                 (SELECT COUNT(*) FROM contribution WHERE contribution.folio = folio.id) +
                 (SELECT COUNT(*) FROM levy WHERE levy.folio = folio.id) +
                 (SELECT COUNT(*) FROM opening WHERE opening.folio = folio.id) +
                 (SELECT COUNT(*) FROM movement WHERE movement.folio = folio.id) +
                 (SELECT COUNT(*) FROM retirement WHERE retirement.folio = folio.id) +
                 (SELECT COUNT(*) FROM employment_change WHERE employment_change.folio = folio.id) +
                 (SELECT COUNT(*) FROM succession WHERE succession.folio = folio.id) +
                 (SELECT COUNT(*) FROM adjustment WHERE adjustment.folio = folio.id) +
                 (SELECT COUNT(*) FROM benefit_change WHERE benefit_change.folio = folio.id) +
                 (SELECT COUNT(*) FROM payment WHERE payment.folio = folio.id) +
                 (SELECT COUNT(*) FROM payment_return WHERE payment_return.folio = folio.id) +
                 (SELECT COUNT(*) FROM assessment WHERE assessment.folio = folio.id) AS rows,
               (SELECT COALESCE(CAST(SUM(contribution.unit_fen) AS BIGINT), 0)
                  FROM contribution WHERE contribution.folio = folio.id) AS unit_fen,
               (SELECT COALESCE(CAST(SUM(contribution.personal_fen) AS BIGINT), 0)
                  FROM contribution WHERE contribution.folio = folio.id) AS personal_fen,
               (SELECT COALESCE(CAST(SUM(contribution.unit_fen + contribution.personal_fen) AS BIGINT), 0)
                  FROM contribution WHERE contribution.folio = folio.id) +
                 (SELECT COALESCE(CAST(SUM(levy.amount_fen) AS BIGINT), 0)
                    FROM levy WHERE levy.folio = folio.id) +
                 (SELECT COALESCE(CAST(SUM(opening.personal_principal_fen + opening.personal_interest_fen +
                         opening.unit_principal_fen + opening.unit_interest_fen) AS BIGINT), 0)
                    FROM opening WHERE opening.folio = folio.id) +
                 (SELECT COALESCE(CAST(SUM(adjustment.increase_fen) AS BIGINT), 0)
                    FROM adjustment WHERE adjustment.folio = folio.id) +
                 (SELECT COALESCE(CAST(SUM(payment.amount_fen) AS BIGINT), 0)
                    FROM payment WHERE payment.folio = folio.id) +
                 (SELECT COALESCE(CAST(SUM(payment_return.amount_fen) AS BIGINT), 0)
                    FROM payment_return WHERE payment_return.folio = folio.id) +
                 (SELECT COALESCE(CAST(SUM(assessment.pension_fen) AS BIGINT), 0)
                    FROM assessment WHERE assessment.folio = folio.id) AS amount_fen
          FROM folio
          JOIN batch ON batch.id = folio.batch
         WHERE folio.state NOT IN ('staging', 'discarded') AND batch.staged_at IS NOT NULL AND batch.ended_at IS NULL) AS made
  JOIN (SELECT 'rows' AS field
        UNION ALL SELECT 'unit_fen'
        UNION ALL SELECT 'personal_fen'
        UNION ALL SELECT 'amount_fen') AS part
    ON (part.field = 'rows' AND made.rows <> made.kept_rows)
    OR (part.field = 'unit_fen' AND made.unit_fen <> made.kept_unit_fen)
    OR (part.field = 'personal_fen' AND made.personal_fen <> made.kept_personal_fen)
    OR (part.field = 'amount_fen' AND made.amount_fen <> made.kept_amount_fen AND made.form <> 'settlement')
 ORDER BY made.id, part.field;
