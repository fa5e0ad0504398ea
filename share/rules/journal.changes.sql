-- id: journal.changes
-- class: seal
-- severity: error
-- clause: R8.1
-- looks-at: the mark on journal entries that change what reports show or reference data say
-- advice: the mark follows from the act: it was changed behind the tools' back
-- scan: every entry
SELECT 'journal entry ' || CAST(journal.at AS TEXT) || ' (' || journal.act || ')' AS record,
       'changes' AS field,
       CAST(journal.changes AS TEXT) AS found,
       CASE journal.changes WHEN 0 THEN '1' ELSE '0, or 1 of an act that changes something' END AS expected
  FROM journal
 -- A settlement that made a batch is an act on it, and so is whatever else is
 -- computed; one that found nothing to do names the year alone.
 WHERE (journal.changes = 0
        AND journal.act IN ('admin.init', 'staff.add', 'staff.revoke', 'parameters.load', 'import.confirm',
                            'import.release', 'import.reject', 'seal.close', 'amend.apply'))
    OR journal.changes NOT IN (0, 1)
    OR (journal.changes <> 0
        AND journal.act NOT IN ('admin.init', 'staff.add', 'staff.revoke', 'parameters.load', 'import.confirm',
                                'import.release', 'import.reject', 'seal.close', 'amend.apply', 'terminal.add', 'terminal.remove')
        AND :makers NOT LIKE '% ' || journal.act || ' %')
    OR (:makers LIKE '% ' || journal.act || ' %'
        AND journal.changes <> CASE WHEN journal.subject LIKE 'batch %' THEN 1 ELSE 0 END)
 ORDER BY journal.at;
