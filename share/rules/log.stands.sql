-- id: log.stands
-- class: seal
-- severity: error
-- clause: R8.1
-- looks-at: who entered a running log, in which role and for which agency, and which entry it corrects or goes on with
-- advice: an entry stands by whoever holds the role, and for one of its own kind: this was entered behind the tools' back
-- scan: every entry of the running logs
SELECT 'log ' || CAST(looked.id AS TEXT) AS record,
       looked.field AS field,
       looked.found AS found,
       looked.expected AS expected
  FROM (SELECT entry.id AS id, 'at' AS field, 'entered by ' || COALESCE(journal.staff, 'nobody') AS found,
               CASE entry.kind WHEN 'network' THEN 'netadmin' WHEN 'inspect' THEN 'dba'
                               WHEN 'incident' THEN 'dba, syslead, netadmin or head'
                               ELSE 'head or syslead' END || ' of agency ' || entry.agency AS expected
          FROM running_log AS entry
          LEFT JOIN journal ON journal.at = entry.at
         WHERE NOT EXISTS (SELECT 1 FROM staff
                             JOIN staff_role AS held ON held.staff = staff.id AND held.granted = 1 AND held.at < entry.at
                            WHERE staff.id = journal.staff AND staff.agency = entry.agency
                              AND ((entry.kind = 'network' AND held.role = 'netadmin')
                                   OR (entry.kind = 'inspect' AND held.role = 'dba')
                                   OR (entry.kind = 'incident' AND held.role IN ('dba', 'syslead', 'netadmin', 'head'))
                                   OR (entry.kind = 'breach' AND held.role IN ('head', 'syslead')))
                              AND NOT EXISTS (SELECT 1 FROM staff_role AS taken
                                               WHERE taken.staff = held.staff AND taken.role = held.role
                                                 AND taken.granted = 0 AND taken.at > held.at AND taken.at < entry.at))
         UNION ALL
        SELECT entry.id, 'corrects', 'log ' || CAST(entry.corrects AS TEXT), 'an earlier entry of the same log, that no other one corrects'
          FROM running_log AS entry
          LEFT JOIN running_log AS earlier ON earlier.id = entry.corrects
         WHERE entry.corrects IS NOT NULL
           AND (earlier.id IS NULL OR earlier.id >= entry.id OR earlier.kind <> entry.kind OR earlier.agency <> entry.agency
                OR EXISTS (SELECT 1 FROM running_log AS other WHERE other.corrects = entry.corrects AND other.id <> entry.id))
         UNION ALL
        SELECT entry.id, 'follows', 'log ' || CAST(entry.follows AS TEXT), 'an earlier incident'
          FROM running_log AS entry
          LEFT JOIN running_log AS earlier ON earlier.id = entry.follows
         WHERE entry.follows IS NOT NULL
           AND (earlier.id IS NULL OR earlier.id >= entry.id OR earlier.kind <> 'incident' OR entry.kind <> 'incident')) AS looked
 ORDER BY looked.id, looked.field;
