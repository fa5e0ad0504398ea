-- id: aside.stands
-- class: seal
-- severity: error
-- clause: R4.1.1
-- looks-at: the list of contributions that no employment period leads to, against the contributions
-- advice: the line was added or changed behind the tools' back: compare with a backup
-- scan: every line of the list, of which there are few
SELECT 'person number ' || CAST(a.person AS TEXT) || ' year ' || CAST(a.year AS TEXT) ||
         ' folio ' || CAST(a.folio AS TEXT) AS record,
       'folio' AS field,
       'listed without a contribution' AS found,
       'a contribution of the person in a breakdown of the year' AS expected,
       'contribution-aside' AS kind,
       a.folio AS folio,
       a.person AS person
  FROM contribution_aside AS a
 WHERE NOT EXISTS (SELECT 1 FROM folio AS f JOIN contribution AS c ON c.folio = f.id AND c.person = a.person
        WHERE f.id = a.folio AND f.form = 'breakdown' AND f.period = a.year)
 ORDER BY a.folio, a.person, a.year;
