-- id: objection.time
-- class: workflow
-- severity: error
-- clause: R4.2.3
-- looks-at: the day of every objection, against the day on which the statement was handed out
-- advice: three months after a statement there is no objection to it: what was wrong had to be changed by a case of R5; the lead and the head look at how this one was entered
-- scan: every objection
--
-- A line of :calendar is 35 characters: the day, the moment at which it begins, and what
-- is due of it: by the i a working day is known. The last day has the number of the first,
-- three months on, or is the last of its month; if it is not worked, the next that is.
WITH RECURSIVE line (number, text) AS MATERIALIZED (
       SELECT 0, SUBSTR(:calendar, 1, 35) WHERE LENGTH(:calendar) > 0
       UNION ALL
       SELECT number + 1, SUBSTR(:calendar, 35 * number + 36, 35) FROM line WHERE 35 * number + 36 <= LENGTH(:calendar)),
     objection (id, person, employer, time, nominal) AS MATERIALIZED (
       SELECT amendment.id, issue.person, issue.employer, entry.time,
              CAST(issue.on_date / 10000 + CASE WHEN issue.on_date / 100 % 100 > 9 THEN 1 ELSE 0 END AS TEXT) || '-' ||
                SUBSTR(CAST((issue.on_date / 100 % 100 + 2) % 12 + 101 AS TEXT), 2) || '-' ||
                SUBSTR(CAST(issue.on_date % 100 + 100 AS TEXT), 2)
         FROM amendment
         JOIN statement_issue AS issue ON issue.id = amendment.issue
         JOIN journal AS entry ON entry.at = amendment.at
        WHERE amendment.form = 'objection'),
     judged (id, person, employer, time, last_day) AS (
       SELECT objection.id, objection.person, objection.employer, objection.time,
              (SELECT MIN(SUBSTR(worked.text, 1, 10)) FROM line AS worked
                WHERE SUBSTR(worked.text, 34, 1) = 'i'
                  AND SUBSTR(worked.text, 1, 10) >= (SELECT MAX(SUBSTR(near.text, 1, 10)) FROM line AS near
                                                      WHERE SUBSTR(near.text, 1, 10) <= objection.nominal))
         FROM objection)
SELECT 'case ' || CAST(judged.id AS TEXT) AS record,
       'at' AS field,
       'objected on ' || day.date AS found,
       'by ' || judged.last_day AS expected,
       'case' AS kind,
       judged.person AS person,
       judged.employer AS employer
  FROM (SELECT judged.id AS id, MAX(SUBSTR(line.text, 1, 10)) AS date
          FROM judged
          JOIN line ON SUBSTR(line.text, 12, 20) <= judged.time
         GROUP BY judged.id) AS day
  JOIN judged ON judged.id = day.id
 WHERE day.date > judged.last_day
 ORDER BY judged.id;
