-- id: months.total
-- class: logic
-- severity: warning
-- clause: R2.2
-- looks-at: people with more than twelve months of normal contributions in a year, at all their employers together
-- advice: ask the employers in which months the person worked for which of them; a month counts once
-- scan: every contribution is counted
--
-- Months are a set, January the lowest bit: its bits are counted one by one.
SELECT 'person ' ||
         COALESCE((SELECT MAX(registration.id_number)
                     FROM employment
                     JOIN registration ON registration.folio = employment.folio AND registration.person = employment.person
                    WHERE employment.person = sums.person),
                  'number ' || CAST(sums.person AS TEXT)) ||
         ' year ' || CAST(sums.period AS TEXT) AS record,
       'months' AS field,
       CAST(sums.months AS TEXT) || ' months in ' || CAST(sums.folios AS TEXT) || ' forms' AS found,
       '12 at most' AS expected,
       'person' AS kind,
       sums.person AS person
  FROM (SELECT contribution.person AS person,
               folio.period AS period,
               COUNT(DISTINCT contribution.folio) AS folios,
               SUM((contribution.months & 1) + ((contribution.months >> 1) & 1) +
                   ((contribution.months >> 2) & 1) + ((contribution.months >> 3) & 1) +
                   ((contribution.months >> 4) & 1) + ((contribution.months >> 5) & 1) +
                   ((contribution.months >> 6) & 1) + ((contribution.months >> 7) & 1) +
                   ((contribution.months >> 8) & 1) + ((contribution.months >> 9) & 1) +
                   ((contribution.months >> 10) & 1) + ((contribution.months >> 11) & 1)) AS months
          FROM contribution
          JOIN folio ON folio.id = contribution.folio
         WHERE folio.state IN ('confirmed', 'sealed')
           AND contribution.kind = 1
           AND NOT EXISTS (SELECT 1 FROM replacement
                            WHERE replacement.folio = contribution.folio
                              AND replacement.subject = contribution.person
                              AND replacement.line = contribution.line)
         GROUP BY contribution.person, folio.period) AS sums
 WHERE sums.months > 12
 ORDER BY sums.person, sums.period;
