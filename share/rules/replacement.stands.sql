-- id: replacement.stands
-- class: seal
-- severity: error
-- clause: R5.1
-- looks-at: rows that are said to be replaced, against the settlements that replaced them
-- advice: a row is replaced by a further settlement of its year, at its entry, and by nothing else: this was changed behind the tools' back
-- scan: every replacement, and where every account stands
SELECT 'row of folio ' || CAST(looked.folio AS TEXT) || ', person number ' || CAST(looked.subject AS TEXT) ||
         ', line ' || CAST(looked.line AS TEXT) AS record,
       'by_folio' AS field,
       looked.found AS found,
       looked.expected AS expected
  FROM (SELECT replacement.folio AS folio, replacement.subject AS subject, replacement.line AS line,
               'replaced by line ' || CAST(replacement.by_line AS TEXT) || ' of folio ' ||
                 CAST(replacement.by_folio AS TEXT) || ', at entry ' || CAST(replacement.at AS TEXT) AS found,
               CASE WHEN old.folio IS NULL THEN 'no replacement: there is no such row of an account'
                    WHEN newer.id IS NULL OR newer.form <> 'settlement' OR newer.confirmed_at IS NULL
                      THEN 'a settlement that was confirmed'
                    WHEN newer.confirmed_at <> replacement.at
                      THEN 'entry ' || CAST(newer.confirmed_at AS TEXT) || ', which confirmed that settlement'
                    ELSE 'the line of the same year and kind, or its balance, in a later folio' END AS expected
          FROM replacement
          LEFT JOIN movement AS old
            ON old.folio = replacement.folio AND old.person = replacement.subject AND old.line = replacement.line
          LEFT JOIN folio AS newer ON newer.id = replacement.by_folio
          LEFT JOIN movement AS fresh
            ON fresh.folio = replacement.by_folio AND fresh.person = replacement.subject
           AND fresh.line = replacement.by_line
         WHERE old.folio IS NULL OR newer.id IS NULL OR fresh.folio IS NULL
            OR newer.form <> 'settlement' OR newer.confirmed_at IS NULL OR newer.confirmed_at <> replacement.at
            OR replacement.by_folio <= replacement.folio
            OR fresh.year <> old.year OR fresh.kind NOT IN (old.kind, 'balance')
         UNION ALL
        SELECT movement.folio, movement.person, movement.line, 'not replaced',
               'replaced: the year of this person was settled again'
          FROM account_year
          JOIN folio ON folio.id = account_year.folio
          JOIN movement ON movement.folio = account_year.folio AND movement.person = account_year.person
         WHERE folio.form = 'settlement'
           AND EXISTS (SELECT 1
                         FROM account_year AS later
                         JOIN folio AS again ON again.id = later.folio
                        WHERE later.person = account_year.person
                          AND later.year = account_year.year
                          AND later.folio > account_year.folio
                          AND again.form = 'settlement'
                          AND again.confirmed_at IS NOT NULL)
           AND NOT EXISTS (SELECT 1 FROM replacement
                            WHERE replacement.folio = movement.folio
                              AND replacement.subject = movement.person
                              AND replacement.line = movement.line)) AS looked
 ORDER BY looked.folio, looked.subject, looked.line;
