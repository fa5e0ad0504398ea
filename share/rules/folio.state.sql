-- id: folio.state
-- class: seal
-- severity: error
-- clause: R4.1.2
-- looks-at: the states of batches and folios against the entries that brought them there
-- advice: the state was changed behind the tools' back: the journal says what was done
-- scan: every batch and every folio
SELECT states.record AS record,
       'state' AS field,
       states.state AS found,
       states.expected AS expected
  FROM (SELECT 'folio ' || CAST(folio.id AS TEXT) || ' of batch ' || CAST(folio.batch AS TEXT) AS record,
               folio.id AS number,
               folio.state AS state,
               CASE WHEN folio.ended_at IS NOT NULL THEN 'replaced, rejected or discarded: it has ended'
                    WHEN folio.sealed_at IS NOT NULL THEN 'sealed'
                    WHEN folio.confirmed_at IS NOT NULL THEN 'confirmed'
                    WHEN EXISTS (SELECT 1 FROM hold WHERE hold.folio = folio.id AND hold.ended_at IS NULL) THEN 'held'
                    ELSE 'staged: nothing was decided on it' END AS expected,
               CASE WHEN folio.ended_at IS NOT NULL
                      THEN (folio.state = 'replaced' AND folio.confirmed_at IS NOT NULL)
                        OR (folio.state IN ('rejected', 'discarded') AND folio.confirmed_at IS NULL)
                    WHEN folio.sealed_at IS NOT NULL THEN folio.state = 'sealed' AND folio.confirmed_at < folio.sealed_at
                    WHEN folio.confirmed_at IS NOT NULL THEN folio.state = 'confirmed'
                    WHEN EXISTS (SELECT 1 FROM hold WHERE hold.folio = folio.id AND hold.ended_at IS NULL) THEN folio.state = 'held'
                    WHEN batch.staged_at IS NOT NULL THEN folio.state = 'staged'
                    ELSE folio.state IN ('staging', 'staged') END AS holds
          FROM folio
          LEFT JOIN batch ON batch.id = folio.batch
         UNION ALL
        SELECT 'batch ' || CAST(batch.id AS TEXT), batch.id, batch.state,
               CASE WHEN batch.ended_at IS NOT NULL THEN 'discarded'
                    WHEN batch.confirmed_at IS NOT NULL THEN 'confirmed'
                    WHEN batch.staged_at IS NOT NULL THEN 'staged'
                    ELSE 'staging' END,
               CASE WHEN batch.ended_at IS NOT NULL THEN batch.state = 'discarded'
                    WHEN batch.confirmed_at IS NOT NULL THEN batch.state = 'confirmed'
                    WHEN batch.staged_at IS NOT NULL THEN batch.state = 'staged'
                    ELSE batch.state = 'staging' END
          FROM batch
         UNION ALL
        SELECT 'folio ' || CAST(folio.id AS TEXT) || ' of batch ' || CAST(folio.batch AS TEXT), folio.id,
               'of form ' || folio.form,
               CASE WHEN batch.amendment IS NULL THEN 'of form ' || batch.form || ', as its batch'
                    ELSE 'of a form whose records a case changes, in a batch of form amendments or objections' END,
               CASE WHEN batch.amendment IS NULL THEN folio.form = batch.form
                    ELSE batch.form IN ('amendments', 'objections')
                     AND folio.form IN ('breakdown', 'registration', 'employer', 'opening', 'retirement', 'benefit-supplement', 'settlement') END
          FROM folio
          JOIN batch ON batch.id = folio.batch
         UNION ALL
        SELECT 'folio ' || CAST(folio.id AS TEXT) || ' of batch ' || CAST(folio.batch AS TEXT), folio.id,
               'confirmed by entry ' || CAST(folio.confirmed_at AS TEXT) || ': ' || COALESCE(journal.act || ' of ' || journal.subject, 'none'),
               'confirmed with its batch, let in by itself, or made by the case that was applied',
               journal.at IS NOT NULL
               AND ((journal.act = 'amend.apply' AND journal.subject = 'case ' || CAST(batch.amendment AS TEXT))
                    OR ((journal.act = 'import.confirm' OR :makers LIKE '% ' || journal.act || ' %') AND journal.subject = 'batch ' || CAST(folio.batch AS TEXT))
                    OR (journal.act = 'import.release' AND journal.subject = 'folio ' || CAST(folio.id AS TEXT)))
          FROM folio
          LEFT JOIN batch ON batch.id = folio.batch
          LEFT JOIN journal ON journal.at = folio.confirmed_at
         WHERE folio.confirmed_at IS NOT NULL
         UNION ALL
        SELECT 'folio ' || CAST(folio.id AS TEXT) || ' of batch ' || CAST(folio.batch AS TEXT), folio.id,
               folio.state || ' by entry ' || CAST(folio.ended_at AS TEXT) || ': ' || COALESCE(journal.act || ' of ' || journal.subject, 'none'),
               'discarded with its batch, turned down by itself, or replaced when another was confirmed',
               journal.at IS NOT NULL
               AND ((folio.state = 'discarded' AND journal.act = 'import.discard' AND journal.subject = 'batch ' || CAST(folio.batch AS TEXT))
                    OR (folio.state = 'rejected' AND journal.act = 'import.reject' AND journal.subject = 'folio ' || CAST(folio.id AS TEXT))
                    OR (folio.state = 'replaced' AND EXISTS (SELECT 1 FROM folio AS other
                         WHERE other.replaces = folio.id AND other.confirmed_at = folio.ended_at)))
          FROM folio
          LEFT JOIN journal ON journal.at = folio.ended_at
         WHERE folio.ended_at IS NOT NULL
         UNION ALL
        SELECT 'folio ' || CAST(folio.id AS TEXT) || ' of batch ' || CAST(folio.batch AS TEXT), folio.id,
               'in place of folio ' || CAST(folio.replaces AS TEXT), 'in place of one that was replaced when it was confirmed',
               EXISTS (SELECT 1 FROM folio AS other
                        WHERE other.id = folio.replaces AND other.state = 'replaced' AND other.ended_at = folio.confirmed_at)
          FROM folio
         WHERE folio.replaces IS NOT NULL AND folio.confirmed_at IS NOT NULL
         UNION ALL
        SELECT 'folio ' || CAST(folio.id AS TEXT) || ' of batch ' || CAST(folio.batch AS TEXT), folio.id,
               'in place of folio ' || CAST(folio.replaces AS TEXT), 'in place of one of the same form, employer and period',
               EXISTS (SELECT 1 FROM folio AS other
                        WHERE other.id = folio.replaces AND other.id < folio.id AND other.form = folio.form
                          AND other.period = folio.period AND COALESCE(other.employer, 0) = COALESCE(folio.employer, 0))
          FROM folio
         WHERE folio.replaces IS NOT NULL) AS states
 WHERE NOT COALESCE(states.holds, FALSE)
 ORDER BY states.record;
