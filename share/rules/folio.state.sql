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
               CASE WHEN folio.ended_at IS NOT NULL THEN folio.state IN ('replaced', 'rejected', 'discarded')
                    WHEN folio.sealed_at IS NOT NULL THEN folio.state = 'sealed'
                    WHEN folio.confirmed_at IS NOT NULL THEN folio.state = 'confirmed'
                    WHEN EXISTS (SELECT 1 FROM hold WHERE hold.folio = folio.id AND hold.ended_at IS NULL) THEN folio.state = 'held'
                    ELSE folio.state IN ('staging', 'staged') END AS holds
          FROM folio
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
               'of form ' || folio.form, 'of form ' || batch.form || ', as its batch', folio.form = batch.form
          FROM folio
          JOIN batch ON batch.id = folio.batch) AS states
 WHERE NOT states.holds
 ORDER BY states.record;
