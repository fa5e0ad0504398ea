-- id: issue.stands
-- class: seal
-- severity: error
-- clause: R4.2.3
-- looks-at: statements that were handed out: by whom, to whom, and whether each said something new
-- advice: from that day whoever got it can object for three months: this was entered or changed behind the tools' back; compare with a backup
-- scan: every statement that was handed out
--
-- What says the same as the one before it is a reprint, and no issue.
SELECT 'issue ' || CAST(looked.id AS TEXT) AS record,
       looked.field AS field,
       looked.found AS found,
       looked.expected AS expected,
       'issue' AS kind,
       looked.person AS person,
       looked.employer AS employer
  FROM (SELECT issue.id AS id, issue.person AS person, issue.employer AS employer, 'person' AS field,
               CASE WHEN issue.person IS NULL THEN 'nobody' ELSE 'a person' END ||
                 CASE WHEN issue.employer IS NULL THEN ' and no employer' ELSE ' and an employer' END AS found,
               CASE issue.form WHEN 'statement' THEN 'a person alone' ELSE 'an employer alone' END AS expected
          FROM statement_issue AS issue
         WHERE (issue.form = 'statement') <> (issue.person IS NOT NULL)
            OR (issue.form = 'statement') = (issue.employer IS NOT NULL)
         UNION ALL
        SELECT issue.id, issue.person, issue.employer, 'as_of', CAST(issue.as_of AS TEXT), 'an entry before ' || CAST(issue.at AS TEXT)
          FROM statement_issue AS issue
         WHERE issue.as_of >= issue.at
         UNION ALL
        SELECT issue.id, issue.person, issue.employer, 'digest', 'a reprint of issue ' || CAST(earlier.id AS TEXT), 'something else'
          FROM statement_issue AS issue
          JOIN statement_issue AS earlier
            ON earlier.id = (SELECT MAX(other.id) FROM statement_issue AS other
                              WHERE other.id < issue.id AND other.year = issue.year AND other.form = issue.form
                                AND (other.person = issue.person OR other.employer = issue.employer))
         WHERE earlier.digest = issue.digest
         UNION ALL
        SELECT issue.id, issue.person, issue.employer, 'at', 'by ' || COALESCE(journal.staff, 'nobody'), 'an operator'
          FROM statement_issue AS issue
          JOIN journal ON journal.at = issue.at
         WHERE NOT EXISTS (SELECT 1 FROM staff_role AS held
                            WHERE held.staff = journal.staff AND held.role = 'operator' AND held.granted = 1 AND held.at < issue.at
                              AND NOT EXISTS (SELECT 1 FROM staff_role AS taken
                                               WHERE taken.staff = held.staff AND taken.role = held.role
                                                 AND taken.granted = 0 AND taken.at > held.at AND taken.at < issue.at))) AS looked
 ORDER BY looked.id, looked.field;
