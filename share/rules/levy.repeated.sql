-- id: levy.repeated
-- class: logic
-- severity: error
-- clause: R4.2.1
-- looks-at: levy payments that were brought in twice: voucher, employer, year, insurance and amount the same
-- advice: one of the two has to go: bring in the delivery again without it, as a folio that replaces the other
-- scan: every payment is compared with those of its voucher
--
-- The same rule turns such a line down at import; here it finds what came in by
-- two batches that were staged side by side, or by another door.
SELECT 'levy voucher ' || levy.voucher || ' of ' ||
         COALESCE((SELECT MAX(employer_alias.value)
                     FROM employer_alias
                    WHERE employer_alias.kind = 'credit-code'
                      AND employer_alias.employer = levy.employer),
                  'employer number ' || CAST(levy.employer AS TEXT)) ||
         ' year ' || CAST(levy.year AS TEXT) AS record,
       'voucher' AS field,
       CAST(COUNT(*) AS TEXT) || ' payments, the first in folio ' || CAST(MIN(levy.folio) AS TEXT) ||
         ', the last in folio ' || CAST(MAX(levy.folio) AS TEXT) AS found,
       'one payment' AS expected,
       'levy' AS kind,
       MAX(levy.folio) AS folio,
       levy.employer AS employer,
       MAX(folio.batch) AS batch
  FROM levy
  JOIN folio ON folio.id = levy.folio
 WHERE folio.state IN ('confirmed', 'sealed')
   AND NOT EXISTS (SELECT 1 FROM replacement
                    WHERE replacement.folio = levy.folio
                      AND replacement.subject = levy.employer
                      AND replacement.line = levy.line)
 GROUP BY levy.voucher, levy.employer, levy.year, levy.insurance, levy.amount_fen
HAVING COUNT(*) > 1
 ORDER BY levy.voucher, levy.employer, levy.year;
