-- id: duty.network
-- class: workflow
-- severity: warning
-- clause: R6.1
-- looks-at: the network log of every working day, from the first whole day of the store to yesterday
-- advice: the network administrator enters the day late (pen-log network --on); of a day that nobody looked at, the breach is entered (pen-log breach --clause R6.1); holidays are in the parameter table workdays
--
-- A line of :calendar is 35 characters: the day, the moment at which it begins, and
-- what is due of it. Days that follow one another are one finding.
WITH RECURSIVE line (number, text) AS MATERIALIZED (
       SELECT 0, SUBSTR(:calendar, 1, 35) WHERE LENGTH(:calendar) > 0
       UNION ALL
       SELECT number + 1, SUBSTR(:calendar, 35 * number + 36, 35) FROM line WHERE 35 * number + 36 <= LENGTH(:calendar)),
     due (number, name, date) AS (
       SELECT ROW_NUMBER() OVER (ORDER BY number), SUBSTR(text, 1, 10),
              CAST(REPLACE(SUBSTR(text, 1, 10), '-', '') AS INTEGER)
         FROM line
        WHERE SUBSTR(text, 33, 1) = 'n'),
     missing (run, name) AS (
       SELECT due.number - ROW_NUMBER() OVER (ORDER BY due.number), due.name
         FROM due
         JOIN store ON store.one = 1
        WHERE NOT EXISTS (SELECT 1 FROM running_log AS entry
                           WHERE entry.kind = 'network' AND entry.on_date = due.date AND entry.agency = store.agency
                             AND NOT EXISTS (SELECT 1 FROM running_log AS later WHERE later.corrects = entry.id))
          AND NOT EXISTS (SELECT 1 FROM running_log AS breach
                           WHERE breach.kind = 'breach' AND breach.clause = 'R6.1' AND breach.agency = store.agency
                             AND breach.on_date <= due.date AND COALESCE(breach.until_date, breach.on_date) >= due.date
                             AND NOT EXISTS (SELECT 1 FROM running_log AS later WHERE later.corrects = breach.id)))
SELECT 'network log of ' || MIN(missing.name) ||
         CASE WHEN COUNT(*) > 1 THEN ' to ' || MAX(missing.name) ELSE '' END AS record,
       'on_date' AS field,
       'none of ' || CAST(COUNT(*) AS TEXT) || CASE WHEN COUNT(*) > 1 THEN ' working days' ELSE ' working day' END AS found,
       'one of every working day' AS expected
  FROM missing
 GROUP BY missing.run
 ORDER BY MIN(missing.name);
