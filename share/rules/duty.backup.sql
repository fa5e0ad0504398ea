-- id: duty.backup
-- class: workflow
-- severity: warning
-- clause: R7.2
-- looks-at: the days between one backup and the next, from the store's first day to today
-- advice: make a backup now (pen-backup create); a gap that is over is answered by the breach that it was (pen-log breach --clause R7.2)
--
-- A line of :calendar is 35 characters: the day, the moment at which it begins, and
-- what is due of it. The days before a moment are counted to find its own.
WITH RECURSIVE day (number, text) AS MATERIALIZED (
       SELECT 0, SUBSTR(:calendar, 1, 35) WHERE LENGTH(:calendar) > 0
       UNION ALL
       SELECT number + 1, SUBSTR(:calendar, 35 * number + 36, 35) FROM day WHERE 35 * number + 36 <= LENGTH(:calendar)),
     event (time, is_day) AS (
       SELECT SUBSTR(text, 12, 20), 1 FROM day
       UNION ALL
       SELECT journal.time, 0 FROM journal WHERE journal.act = 'backup.create'),
     placed (is_day, number) AS (
       SELECT is_day, SUM(is_day) OVER (ORDER BY time, is_day DESC ROWS UNBOUNDED PRECEDING) - 1 FROM event),
     made (number) AS (
       SELECT MIN(number) FROM day
       UNION
       SELECT number FROM placed WHERE is_day = 0 AND number >= 0),
     gap (number, next, is_open) AS (
       SELECT number, LEAD(number, 1, (SELECT MAX(number) FROM day)) OVER (ORDER BY number),
              LEAD(0, 1, 1) OVER (ORDER BY number)
         FROM made WHERE number IS NOT NULL),
     missed (since, until, days, is_open) AS (
       SELECT SUBSTR(:calendar, 35 * number + 1, 10), SUBSTR(:calendar, 35 * next + 1, 10), next - number, is_open
         FROM gap WHERE next - number > 5)
SELECT 'backup after ' || missed.since AS record,
       'time' AS field,
       'none until ' || CASE missed.is_open WHEN 1 THEN 'today' ELSE missed.until END || ', ' ||
         CAST(missed.days AS TEXT) || ' days' AS found,
       'one within 5 days' AS expected
  FROM missed
 WHERE missed.is_open = 1
    OR NOT EXISTS (SELECT 1 FROM running_log AS breach
                    WHERE breach.kind = 'breach' AND breach.clause = 'R7.2'
                      AND breach.agency = (SELECT agency FROM store WHERE one = 1)
                      AND breach.on_date <= CAST(REPLACE(missed.until, '-', '') AS INTEGER)
                      AND COALESCE(breach.until_date, breach.on_date) > CAST(REPLACE(missed.since, '-', '') AS INTEGER)
                      AND NOT EXISTS (SELECT 1 FROM running_log AS later WHERE later.corrects = breach.id))
 ORDER BY missed.since;
