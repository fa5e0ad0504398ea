-- id: months.overlap
-- class: logic
-- severity: error
-- clause: R2.2
-- looks-at: months that two breakdowns of one employer and year have of the same person
-- advice: one of the two has to go: what is wrong goes by pen-amend
--
-- The same rule turns such a line down at import, and finds it within one folio; here it
-- finds what came in by another door.
SELECT 'contribution of ' || COALESCE((SELECT MAX(registration.id_number)
                     FROM employment
                     JOIN registration ON registration.folio = employment.folio AND registration.person = employment.person
                    WHERE employment.person = later.person),
                  'number ' || CAST(later.person AS TEXT)) ||
         ', folio ' || CAST(later.folio AS TEXT) AS record,
       'months' AS field,
       'set ' || CAST(later.months AS TEXT) || ', of which folio ' || CAST(first.folio AS TEXT) || ' has ' ||
         CAST(first.months & later.months AS TEXT) AS found,
       'each month once (January is 1, February 2, March 4 …)' AS expected,
       'contribution' AS kind,
       later.folio AS folio,
       later.person AS person,
       newer.employer AS employer,
       newer.batch AS batch,
       later.line AS line
  FROM folio AS newer
  JOIN folio AS older
    ON older.employer = newer.employer AND older.form = newer.form AND older.period = newer.period AND older.id < newer.id
  JOIN contribution AS later ON later.folio = newer.id
  JOIN contribution AS first ON first.folio = older.id AND first.person = later.person
 WHERE newer.form = 'breakdown'
   AND newer.state IN ('confirmed', 'sealed')
   AND older.state IN ('confirmed', 'sealed')
   AND later.kind = 1
   AND first.kind = 1
   AND (first.months & later.months) <> 0
   AND NOT EXISTS (SELECT 1 FROM replacement
                    WHERE replacement.folio = later.folio
                      AND replacement.subject = later.person
                      AND replacement.line = later.line)
   AND NOT EXISTS (SELECT 1 FROM replacement
                    WHERE replacement.folio = first.folio
                      AND replacement.subject = first.person
                      AND replacement.line = first.line)
 ORDER BY later.folio, later.person, later.line, first.folio, first.line;
