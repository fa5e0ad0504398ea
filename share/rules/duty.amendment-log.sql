-- id: duty.amendment-log
-- class: workflow
-- severity: warning
-- clause: R5.3.3
-- looks-at: the amendment log of every month in which something was changed, for each area, once a working day has passed since the month was over
-- advice: print the log of the month (pen-report amendment-log --month), have it signed, and bind it with the forms
--
-- A line of :calendar is 35 characters: the day, the moment at which it begins, and
-- what is due of it: by the i a working day is known. The log of all areas is that of
-- each of them.
WITH RECURSIVE line (number, text) AS MATERIALIZED (
       SELECT 0, SUBSTR(:calendar, 1, 35) WHERE LENGTH(:calendar) > 0
       UNION ALL
       SELECT number + 1, SUBSTR(:calendar, 35 * number + 36, 35) FROM line WHERE 35 * number + 36 <= LENGTH(:calendar)),
     month (name, begins, ends) AS (
       SELECT SUBSTR(text, 1, 7), MIN(SUBSTR(text, 12, 20)), LEAD(MIN(SUBSTR(text, 12, 20))) OVER (ORDER BY SUBSTR(text, 1, 7))
         FROM line
        GROUP BY SUBSTR(text, 1, 7)),
     changed (name, ends, agency, cases) AS (
       SELECT month.name, month.ends, amendment.agency, COUNT(*)
         FROM journal AS entry
         JOIN amendment_step AS step ON step.at = entry.at AND step.move = 'apply'
         JOIN amendment ON amendment.id = step.amendment
         JOIN month ON month.begins <= entry.time AND month.ends > entry.time
        WHERE entry.act = 'amend.apply'
        GROUP BY month.name, month.ends, amendment.agency)
SELECT 'amendment log of ' || changed.name || ' of agency ' || changed.agency AS record,
       'time' AS field,
       'none since the month was over, of ' || CAST(changed.cases AS TEXT) ||
         CASE changed.cases WHEN 1 THEN ' case' ELSE ' cases' END AS found,
       'one' AS expected
  FROM changed
 WHERE EXISTS (SELECT 1 FROM line
                WHERE SUBSTR(line.text, 1, 7) > changed.name AND SUBSTR(line.text, 34, 1) = 'i')
   AND NOT EXISTS (SELECT 1 FROM journal AS printed
                    WHERE printed.act = 'report.amendment-log' AND printed.time >= changed.ends
                      AND (printed.subject = 'amendment-log ' || changed.name
                           OR printed.subject = 'amendment-log ' || changed.name || ' ' || changed.agency))
 ORDER BY changed.name, changed.agency;
