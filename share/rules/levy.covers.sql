-- id: levy.covers
-- class: logic
-- severity: error
-- clause: R4.2.1
-- looks-at: each employer's breakdowns of a year against the pension levy paid for that year
-- advice: compare the breakdown with the vouchers; bring in the levy that is missing, or mend the breakdown
--
-- :batch  what is staged or held in this batch is counted as if it were
--         confirmed, and only the employers and years of the batch are looked at;
--         what waits for a review takes nothing from those beside it: it is looked
--         at by itself when it is let go
-- :folio  likewise for one folio, whatever its state
-- Both 0: every employer and year of which something is confirmed or sealed.
--
-- Rows that a case replaced claim nothing: their new versions do.
--
-- The look-ups are by employer, form and period, one of them at a time, so that
-- the cost of a batch is that of the batch and not of the store.
SELECT 'employer ' ||
         COALESCE((SELECT employer_alias.value
                     FROM employer_alias
                    WHERE employer_alias.kind = 'credit-code'
                      AND employer_alias.employer = sums.employer
                    ORDER BY employer_alias.batch DESC, employer_alias.value DESC
                    LIMIT 1),
                  'number ' || CAST(sums.employer AS TEXT)) ||
         ' year ' || CAST(sums.period AS TEXT) AS record,
       'amount_fen' AS field,
       sums.claimed_fen AS found,
       sums.paid_fen AS expected,
       sums.employer AS employer,
       sums.period AS period
  FROM (SELECT looked.employer AS employer,
               looked.period AS period,
               (SELECT CAST(SUM(claim.unit_fen + claim.personal_fen -
                         COALESCE((SELECT SUM(contribution.unit_fen + contribution.personal_fen)
                                     FROM replacement
                                     JOIN contribution
                                       ON contribution.folio = replacement.folio
                                      AND contribution.person = replacement.subject
                                      AND contribution.line = replacement.line
                                    WHERE replacement.folio = claim.id), 0)) AS BIGINT)
                  FROM folio AS claim
                 WHERE claim.employer = looked.employer
                   AND claim.form = 'breakdown'
                   AND claim.period = looked.period
                   AND (claim.state IN ('confirmed', 'sealed')
                        OR (claim.batch = :batch AND claim.state IN ('staged', 'held')
                            AND NOT EXISTS (SELECT 1 FROM hold
                                             WHERE hold.folio = claim.id
                                               AND hold.ended_at IS NULL
                                               AND hold.rule <> 'levy.covers'))
                        OR claim.id = :folio)) AS claimed_fen,
               COALESCE((SELECT CAST(SUM(levy_year.amount_fen) AS BIGINT)
                           FROM levy_year
                           JOIN folio AS delivery ON delivery.id = levy_year.folio
                          WHERE levy_year.employer = looked.employer
                            AND levy_year.year = looked.period
                            AND delivery.state IN ('confirmed', 'sealed')), 0) AS paid_fen
          FROM (SELECT folio.employer, folio.period
                  FROM folio
                 WHERE :batch = 0 AND :folio = 0
                   AND folio.form = 'breakdown'
                   AND folio.state IN ('confirmed', 'sealed')
                UNION
                SELECT folio.employer, folio.period
                  FROM folio
                 WHERE folio.batch = :batch
                   AND folio.form = 'breakdown'
                   AND folio.state IN ('staged', 'held', 'confirmed', 'sealed')
                UNION
                SELECT folio.employer, folio.period
                  FROM folio
                 WHERE folio.id = :folio
                   AND folio.form = 'breakdown') AS looked) AS sums
 WHERE sums.claimed_fen > sums.paid_fen
 ORDER BY sums.employer, sums.period;
