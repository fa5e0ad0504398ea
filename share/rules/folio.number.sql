-- id: folio.number
-- class: seal
-- severity: error
-- clause: R4.2.3
-- looks-at: the numbers of the folios of one employer, form and period: 1, and the next for each later one
-- advice: the number follows from the folios before it: it was changed behind the tools' back, or one of them was taken out
-- scan: every folio, and the entries that staged it
--
-- The newest before it counts that was not discarded by then.
SELECT 'folio ' || CAST(counted.id AS TEXT) || ' of batch ' || CAST(counted.batch AS TEXT) AS record,
       'number' AS field,
       CAST(counted.number AS TEXT) AS found,
       CAST(counted.expected AS TEXT) AS expected
  FROM (SELECT folio.id AS id, folio.batch AS batch, folio.number AS number,
               COALESCE((SELECT before.number
                           FROM folio AS before
                          WHERE before.employer IS NOT DISTINCT FROM folio.employer
                            AND before.form = folio.form
                            AND before.period = folio.period
                            AND before.id < folio.id
                            AND (before.state <> 'discarded' OR before.ended_at > planned.at)
                          ORDER BY before.id DESC LIMIT 1), 0) + 1 AS expected
          FROM folio
          JOIN (SELECT batch.id AS batch, COALESCE(MIN(journal.at), batch.staged_at) AS at
                  FROM batch
                  LEFT JOIN journal ON journal.act = 'import.stage' AND journal.subject = 'batch ' || CAST(batch.id AS TEXT)
                 GROUP BY batch.id, batch.staged_at) AS planned
            ON planned.batch = folio.batch) AS counted
 WHERE counted.number <> counted.expected
 ORDER BY counted.id;
