-- id: hold.stands
-- class: seal
-- severity: error
-- clause: R4.2.1
-- looks-at: folios that wait, why they wait, and who ended it by which entry
-- advice: a folio is held by the levy rule or for review, and let go by an entry: this was changed behind the tools' back
-- scan: every hold and every folio
SELECT 'folio ' || CAST(looked.folio AS TEXT) AS record,
       looked.field AS field,
       looked.found AS found,
       looked.expected AS expected,
       'folio' AS kind,
       looked.folio AS folio
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
                     OR (hold.decision = 'covered' AND hold.rule <> 'levy.covers')
                     OR (hold.rule <> 'levy.covers' AND hold.decision IN ('released', 'rejected')
                         AND COALESCE(hold.reason, '') = '')
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
               'levy.covers, when its batch was staged or confirmed or it was reviewed; a review, when it was staged'
          FROM hold
          LEFT JOIN folio ON folio.id = hold.folio
          LEFT JOIN journal ON journal.at = hold.at
         WHERE folio.id IS NULL OR journal.at IS NULL
            OR hold.rule NOT IN ('levy.covers', 'person.died', 'person.elsewhere', 'person.retired')
            OR NOT ((journal.act = 'import.staged' AND journal.subject = 'batch ' || CAST(folio.batch AS TEXT))
                    OR (hold.rule = 'levy.covers'
                        AND ((journal.act = 'import.confirm' AND journal.subject = 'batch ' || CAST(folio.batch AS TEXT))
                             OR (journal.act = 'import.release' AND journal.subject = 'folio ' || CAST(folio.id AS TEXT)))))
         UNION ALL
        SELECT hold.folio, 'decision', 'released by ' || COALESCE(journal.staff, 'nobody'),
               'a review released by a lead of the agency who neither brought it in nor confirmed it'
          FROM hold
          JOIN folio ON folio.id = hold.folio
          JOIN batch ON batch.id = folio.batch
          JOIN journal ON journal.at = hold.ended_at
          LEFT JOIN journal AS confirming ON confirming.at = batch.confirmed_at
         WHERE hold.rule <> 'levy.covers'
           AND hold.decision = 'released'
           AND (journal.staff IS NULL
                OR journal.staff = batch.planned_by
                OR (batch.confirmed_at < hold.ended_at AND journal.staff = confirming.staff)
                OR NOT EXISTS (SELECT 1 FROM staff WHERE staff.id = journal.staff AND staff.agency = batch.agency)
                OR COALESCE((SELECT staff_role.granted FROM staff_role
                              WHERE staff_role.staff = journal.staff AND staff_role.role = 'lead'
                                AND staff_role.at < hold.ended_at
                              ORDER BY staff_role.at DESC LIMIT 1), 0) = 0)
         UNION ALL
        SELECT one.folio, 'reason', COALESCE(one.reason, 'none'), 'one reason for one decision'
          FROM hold AS one
          JOIN hold AS other
            ON other.folio = one.folio AND other.ended_at = one.ended_at AND other.decision = one.decision
           AND other.rule < one.rule AND other.reason IS DISTINCT FROM one.reason
         UNION ALL
        SELECT folio.id, 'state', 'held', 'an open hold, one of a rule, that says why'
          FROM folio
         WHERE folio.state = 'held'
           AND ((SELECT COUNT(*) FROM hold WHERE hold.folio = folio.id AND hold.ended_at IS NULL) = 0
                OR (SELECT COUNT(*) - COUNT(DISTINCT hold.rule) FROM hold
                     WHERE hold.folio = folio.id AND hold.ended_at IS NULL) <> 0)
         UNION ALL
        SELECT folio.id, 'hold', 'none', 'the hold that entry ' || CAST(journal.at AS TEXT) || ' ended'
          FROM journal
          JOIN folio ON journal.subject = 'folio ' || CAST(folio.id AS TEXT)
         WHERE journal.act IN ('import.release', 'import.reject')
           AND NOT EXISTS (SELECT 1 FROM hold WHERE hold.folio = folio.id AND hold.ended_at = journal.at)) AS looked
 ORDER BY looked.folio, looked.field;
