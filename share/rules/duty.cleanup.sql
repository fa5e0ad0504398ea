-- id: duty.cleanup
-- class: workflow
-- severity: warning
-- clause: R7.6
-- looks-at: the half years between one clean-up and the next, from the store's first day to today
-- advice: clean up what has expired (pen-purge plan, approve, run); of a half year without it the breach is entered (pen-log breach --clause R7.6), which answers for a half year
--
-- A line of :calendar is 35 characters: the day, the moment at which it begins, and
-- what is due of it. The days before a moment are counted to find its own. Half a year
-- is six months to the day: months are counted from year 0, and texts compared. What is
-- planned and was not run is no clean-up.
WITH RECURSIVE day (number, text) AS MATERIALIZED (
       SELECT 0, SUBSTR(:calendar, 1, 35) WHERE LENGTH(:calendar) > 0
       UNION ALL
       SELECT number + 1, SUBSTR(:calendar, 35 * number + 36, 35) FROM day WHERE 35 * number + 36 <= LENGTH(:calendar)),
     event (time, is_day) AS (
       SELECT SUBSTR(text, 12, 20), 1 FROM day
       UNION ALL
       SELECT journal.time, 0 FROM journal WHERE journal.act = 'purge.run'),
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
     dated (since, until, days, is_open) AS (
       SELECT SUBSTR(:calendar, 35 * number + 1, 10), SUBSTR(:calendar, 35 * next + 1, 10), next - number, is_open FROM gap),
     counted (since, until, days, is_open, month) AS (
       SELECT since, until, days, is_open,
              12 * CAST(SUBSTR(since, 1, 4) AS INTEGER) + CAST(SUBSTR(since, 6, 2) AS INTEGER) + 5
         FROM dated),
     missed (since, until, days, is_open) AS (
       SELECT since, until, days, is_open FROM counted
        WHERE until > CAST(month / 12 AS TEXT) || '-' || SUBSTR(CAST(101 + month % 12 AS TEXT), 2, 2) || SUBSTR(since, 8, 3)),
     breach (since, until, month) AS (
       SELECT entry.on_date, COALESCE(entry.until_date, entry.on_date),
              12 * (COALESCE(entry.until_date, entry.on_date) / 10000) + COALESCE(entry.until_date, entry.on_date) / 100 % 100 + 5
         FROM running_log AS entry
         JOIN store ON store.one = 1 AND store.agency = entry.agency
        WHERE entry.kind = 'breach' AND entry.clause = 'R7.6'
          AND NOT EXISTS (SELECT 1 FROM running_log AS later WHERE later.corrects = entry.id))
SELECT 'clean-up after ' || missed.since AS record,
       'time' AS field,
       'none until ' || CASE missed.is_open WHEN 1 THEN 'today' ELSE missed.until END || ', ' ||
         CAST(missed.days AS TEXT) || ' days' AS found,
       'one every half year' AS expected
  FROM missed
 WHERE NOT EXISTS (SELECT 1 FROM breach
                    WHERE breach.since <= CAST(REPLACE(missed.until, '-', '') AS INTEGER)
                      AND breach.until > CAST(REPLACE(missed.since, '-', '') AS INTEGER)
                      AND (missed.is_open = 0
                           OR breach.month / 12 * 10000 + (breach.month % 12 + 1) * 100 + breach.until % 100
                              >= CAST(REPLACE(missed.until, '-', '') AS INTEGER)))
 ORDER BY missed.since;
