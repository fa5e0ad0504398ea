-- id: hold.stands
-- class: seal
-- severity: error
-- clause: R4.2.1
-- looks-at: folios that wait, why they wait, and the entries that ended it
-- advice: a folio is held by the levy rule, and let go by an entry: this was changed behind the tools' back
-- scan: every hold and every folio
SELECT 'folio ' || CAST(looked.folio AS TEXT) AS record,
       looked.field AS field,
       looked.found AS found,
       looked.expected AS expected
  FROM (SELECT hold.folio AS folio, 'ended_at' AS field,
               CASE WHEN hold.ended_at IS NULL THEN 'held, and ' || COALESCE(hold.decision, 'no end to it')
                    ELSE COALESCE(hold.decision, 'ended') || ' by entry ' || CAST(hold.ended_at AS TEXT) || ': ' ||
                         COALESCE(journal.act || ' of ' || journal.subject, 'none') END AS found,
               'held, or an end that an entry made' AS expected
          FROM hold
          LEFT JOIN folio ON folio.id = hold.folio
          LEFT JOIN journal ON journal.at = hold.ended_at
         WHERE folio.id IS NULL
            OR (hold.ended_at IS NULL AND (folio.state <> 'held' OR hold.decision IS NOT NULL))
            OR (hold.ended_at IS NOT NULL
                AND (journal.at IS NULL OR hold.decision IS NULL OR hold.ended_at < hold.at
                     OR NOT ((hold.decision = 'released' AND journal.act = 'import.release')
                             OR (hold.decision = 'rejected' AND journal.act = 'import.reject')
                             OR (hold.decision = 'covered' AND journal.act IN ('import.release', 'import.confirm'))
                             OR (hold.decision = 'discarded' AND journal.act = 'import.discard'))
                     OR journal.subject <>
                        CASE WHEN journal.act IN ('import.release', 'import.reject')
                             THEN 'folio ' || CAST(folio.id AS TEXT)
                             ELSE 'batch ' || CAST(folio.batch AS TEXT) END))
         UNION ALL
        SELECT hold.folio, 'at',
               hold.rule || ' by entry ' || CAST(hold.at AS TEXT) || ': ' ||
                 COALESCE(journal.act || ' of ' || journal.subject, 'none'),
               'levy.covers, when its batch was staged or confirmed'
          FROM hold
          LEFT JOIN folio ON folio.id = hold.folio
          LEFT JOIN journal ON journal.at = hold.at
         WHERE folio.id IS NULL OR journal.at IS NULL OR hold.rule <> 'levy.covers'
            OR journal.act NOT IN ('import.staged', 'import.confirm')
            OR journal.subject <> 'batch ' || CAST(folio.batch AS TEXT)
         UNION ALL
        SELECT folio.id, 'state', 'held', 'one open hold, that says why'
          FROM folio
         WHERE folio.state = 'held'
           AND (SELECT COUNT(*) FROM hold WHERE hold.folio = folio.id AND hold.ended_at IS NULL) <> 1
         UNION ALL
        SELECT folio.id, 'hold', 'none', 'the hold that entry ' || CAST(journal.at AS TEXT) || ' ended'
          FROM journal
          JOIN folio ON journal.subject = 'folio ' || CAST(folio.id AS TEXT)
         WHERE journal.act IN ('import.release', 'import.reject')
           AND NOT EXISTS (SELECT 1 FROM hold WHERE hold.folio = folio.id AND hold.ended_at = journal.at)) AS looked
 ORDER BY looked.folio, looked.field;
