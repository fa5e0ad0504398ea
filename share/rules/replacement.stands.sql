-- id: replacement.stands
-- class: seal
-- severity: error
-- clause: R5.1
-- looks-at: rows that are said to be replaced, against the settlements, supplements and cases that replaced them
-- advice: a row is replaced by a further settlement of its year, a supplement of its empty fields or a case, at its entry, and by nothing else: this was changed behind the tools' back
-- scan: every replacement, where every account stands, and every retirement
--
-- A supplement's row is the one before it with more in it, so what was filled in
-- there is the same here. What a case replaces is of the same form, employer and year,
-- and of the same person; the rest is looked at where cases are made again
-- (amendment.rows).
SELECT 'row of folio ' || CAST(looked.folio AS TEXT) || ', person number ' || CAST(looked.subject AS TEXT) ||
         ', line ' || CAST(looked.line AS TEXT) AS record,
       'by_folio' AS field,
       looked.found AS found,
       looked.expected AS expected,
       'replacement' AS kind,
       looked.folio AS folio,
       looked.subject AS person,
       looked.line AS line
  FROM (SELECT replacement.folio AS folio, replacement.subject AS subject, replacement.line AS line,
               'replaced by line ' || CAST(replacement.by_line AS TEXT) || ' of folio ' ||
                 CAST(replacement.by_folio AS TEXT) || ', at entry ' || CAST(replacement.at AS TEXT) AS found,
               CASE WHEN old.folio IS NULL THEN 'no replacement: there is no such row of an account'
                    WHEN newer.id IS NULL OR newer.form <> 'settlement' OR newer.confirmed_at IS NULL
                      THEN 'a settlement that was confirmed'
                    WHEN newer.confirmed_at <> replacement.at
                      THEN 'entry ' || CAST(newer.confirmed_at AS TEXT) || ', which confirmed that settlement'
                    ELSE 'the line of the same year and kind, or its balance where there is none, in a later folio' END AS expected
          FROM replacement
          LEFT JOIN movement AS old
            ON old.folio = replacement.folio AND old.person = replacement.subject AND old.line = replacement.line
          LEFT JOIN retirement AS retired
            ON retired.folio = replacement.folio AND retired.person = replacement.subject AND retired.line = replacement.line
          LEFT JOIN folio AS newer ON newer.id = replacement.by_folio
          LEFT JOIN movement AS fresh
            ON fresh.folio = replacement.by_folio AND fresh.person = replacement.subject
           AND fresh.line = replacement.by_line
          LEFT JOIN batch AS made ON made.id = newer.batch
         WHERE retired.folio IS NULL
           AND (made.amendment IS NULL OR newer.form = 'settlement' OR old.folio IS NOT NULL)
           AND (old.folio IS NULL OR newer.id IS NULL OR fresh.folio IS NULL
            OR newer.form <> 'settlement' OR newer.confirmed_at IS NULL OR newer.confirmed_at <> replacement.at
            OR replacement.by_folio <= replacement.folio
            OR fresh.year <> old.year
            OR (fresh.kind <> old.kind
                AND (fresh.kind <> 'balance'
                     OR EXISTS (SELECT 1 FROM movement AS same
                                 WHERE same.folio = fresh.folio AND same.person = fresh.person AND same.kind = old.kind))))
         UNION ALL
        SELECT replacement.folio, replacement.subject, replacement.line,
               'replaced by line ' || CAST(replacement.by_line AS TEXT) || ' of folio ' ||
                 CAST(replacement.by_folio AS TEXT) || ', at entry ' || CAST(replacement.at AS TEXT),
               CASE WHEN newer.id IS NULL OR newer.form <> 'benefit-supplement' OR newer.confirmed_at IS NULL
                      THEN 'a supplement that was confirmed'
                    WHEN newer.confirmed_at <> replacement.at
                      THEN 'entry ' || CAST(newer.confirmed_at AS TEXT) || ', which confirmed that supplement'
                    ELSE 'the same retirement with empty fields filled in, in a later folio' END
          FROM replacement
          JOIN retirement AS retired
            ON retired.folio = replacement.folio AND retired.person = replacement.subject AND retired.line = replacement.line
          LEFT JOIN folio AS newer ON newer.id = replacement.by_folio
          LEFT JOIN retirement AS fresh
            ON fresh.folio = replacement.by_folio AND fresh.person = replacement.subject
           AND fresh.line = replacement.by_line
          LEFT JOIN batch AS made ON made.id = newer.batch
         WHERE made.amendment IS NULL
           AND (newer.id IS NULL OR fresh.folio IS NULL
            OR newer.form <> 'benefit-supplement' OR newer.confirmed_at IS NULL OR newer.confirmed_at <> replacement.at
            OR replacement.by_folio <= replacement.folio
            OR fresh.id_number <> retired.id_number OR fresh.name <> retired.name OR fresh.sex <> retired.sex
            OR fresh.born <> retired.born OR fresh.retired_on <> retired.retired_on OR fresh.basis <> retired.basis
            OR COALESCE(fresh.worked_on, 0) <> COALESCE(retired.worked_on, 0)
            OR (retired.benefit_from IS NOT NULL AND COALESCE(fresh.benefit_from, 0) <> retired.benefit_from)
            OR (retired.paid_months IS NOT NULL AND COALESCE(fresh.paid_months, -1) <> retired.paid_months)
            OR (retired.deemed_months IS NOT NULL AND COALESCE(fresh.deemed_months, -1) <> retired.deemed_months)
            OR (retired.basic_fen IS NOT NULL AND COALESCE(fresh.basic_fen, -1) <> retired.basic_fen)
            OR (retired.account_fen IS NOT NULL AND COALESCE(fresh.account_fen, -1) <> retired.account_fen)
            OR (retired.transitional_fen IS NOT NULL AND COALESCE(fresh.transitional_fen, -1) <> retired.transitional_fen)
            OR (retired.extra_fen IS NOT NULL AND COALESCE(fresh.extra_fen, -1) <> retired.extra_fen)
            OR (retired.pension_fen IS NOT NULL AND COALESCE(fresh.pension_fen, -1) <> retired.pension_fen))
         UNION ALL
        SELECT replacement.folio, replacement.subject, replacement.line,
               'replaced by line ' || CAST(replacement.by_line AS TEXT) || ' of folio ' ||
                 CAST(replacement.by_folio AS TEXT) || ', at entry ' || CAST(replacement.at AS TEXT),
               'a row of the same person, form, employer and year, by the case that was applied at that entry'
          FROM replacement
          JOIN folio AS newer ON newer.id = replacement.by_folio
          JOIN batch AS made ON made.id = newer.batch
          LEFT JOIN folio AS older ON older.id = replacement.folio
         WHERE made.amendment IS NOT NULL
           AND (newer.form <> 'settlement'
                OR EXISTS (SELECT 1 FROM retirement
                            WHERE retirement.folio = replacement.folio AND retirement.person = replacement.subject
                              AND retirement.line = replacement.line))
           AND (older.id IS NULL OR older.form <> newer.form OR older.period <> newer.period
                OR COALESCE(older.employer, 0) <> COALESCE(newer.employer, 0)
                OR newer.confirmed_at IS NULL OR newer.confirmed_at <> replacement.at
                OR replacement.by_folio <= replacement.folio
                OR NOT EXISTS (SELECT 1 FROM contribution
                                WHERE contribution.folio = replacement.by_folio AND contribution.person = replacement.subject
                                  AND contribution.line = replacement.by_line
                                UNION ALL
                               SELECT 1 FROM registration
                                WHERE registration.folio = replacement.by_folio AND registration.person = replacement.subject
                                  AND registration.line = replacement.by_line
                                UNION ALL
                               SELECT 1 FROM opening
                                WHERE opening.folio = replacement.by_folio AND opening.person = replacement.subject
                                  AND opening.line = replacement.by_line
                                UNION ALL
                               SELECT 1 FROM retirement
                                WHERE retirement.folio = replacement.by_folio AND retirement.person = replacement.subject
                                  AND retirement.line = replacement.by_line
                                UNION ALL
                               SELECT 1 FROM employer_record
                                WHERE employer_record.folio = replacement.by_folio AND employer_record.employer = replacement.subject
                                  AND employer_record.line = replacement.by_line))
         UNION ALL
        SELECT asked.folio, asked.subject, asked.line, 'not replaced',
               'replaced: case ' || CAST(amendment.id AS TEXT) || ' made a new version of it'
          FROM amendment
          JOIN batch ON batch.id = amendment.batch
          JOIN amendment_record AS asked ON asked.amendment = amendment.id AND asked.revision = amendment.revision
         WHERE asked.folio IS NOT NULL
           AND NOT EXISTS (SELECT 1 FROM replacement
                            WHERE replacement.folio = asked.folio
                              AND replacement.subject = asked.subject
                              AND replacement.line = asked.line
                              AND replacement.at = batch.confirmed_at)
         UNION ALL
        SELECT retirement.folio, retirement.person, retirement.line, 'not replaced',
               'replaced: a supplement that was confirmed filled it in'
          FROM retirement
          JOIN folio ON folio.id = retirement.folio
         WHERE folio.confirmed_at IS NOT NULL
           AND EXISTS (SELECT 1
                         FROM retirement AS later
                         JOIN folio AS again ON again.id = later.folio
                        WHERE later.person = retirement.person
                          AND later.folio > retirement.folio
                          AND again.form = 'benefit-supplement'
                          AND again.confirmed_at IS NOT NULL)
           AND NOT EXISTS (SELECT 1 FROM replacement
                            WHERE replacement.folio = retirement.folio
                              AND replacement.subject = retirement.person
                              AND replacement.line = retirement.line)
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
