-- id: journal.cites
-- class: seal
-- severity: error
-- clause: R8.1
-- looks-at: everything that names a journal entry as the act that made it
-- advice: there is no such act in the journal: the record came in, or was changed, behind the tools' back
-- scan: every record that names an entry
SELECT cited.record AS record,
       cited.field AS field,
       'entry ' || CAST(cited.at AS TEXT) || ': ' || COALESCE(journal.act || ' of ' || journal.subject, 'none') AS found,
       cited.acts AS expected
  FROM (SELECT 'staff ' || staff.id AS record, 'at' AS field, staff.at AS at,
               'admin.init staff.add' AS acts, 'staff ' || staff.id AS subject
          FROM staff
         UNION ALL
        SELECT 'role ' || staff_role.role || ' of staff ' || staff_role.staff, 'at', staff_role.at,
               CASE WHEN staff_role.granted = 0 THEN 'staff.revoke' WHEN staff_role.role = 'head' THEN 'admin.init staff.add'
                    ELSE 'staff.add' END,
               'staff ' || staff_role.staff
          FROM staff_role
         UNION ALL
        SELECT 'key of staff ' || staff_key.staff, 'at', staff_key.at, 'admin.init staff.add', 'staff ' || staff_key.staff
          FROM staff_key
         UNION ALL
        SELECT 'parameters ' || parameter_table.name, 'at', parameter_table.at, 'admin.init parameters.load',
               'parameters ' || parameter_table.name
          FROM parameter_table
         UNION ALL
        SELECT 'batch ' || CAST(batch.id AS TEXT), 'staged_at', batch.staged_at,
               CASE WHEN batch.amendment IS NULL THEN 'import.staged' || RTRIM(:makers) ELSE 'amend.apply' END,
               CASE WHEN batch.amendment IS NULL THEN 'batch ' || CAST(batch.id AS TEXT)
                    ELSE 'case ' || CAST(batch.amendment AS TEXT) END
          FROM batch WHERE batch.staged_at IS NOT NULL
         UNION ALL
        SELECT 'batch ' || CAST(batch.id AS TEXT), 'confirmed_at', batch.confirmed_at,
               CASE WHEN batch.amendment IS NULL THEN 'import.confirm' || RTRIM(:makers) ELSE 'amend.apply' END,
               CASE WHEN batch.amendment IS NULL THEN 'batch ' || CAST(batch.id AS TEXT)
                    ELSE 'case ' || CAST(batch.amendment AS TEXT) END
          FROM batch WHERE batch.confirmed_at IS NOT NULL
         UNION ALL
        SELECT 'folio ' || CAST(folio.id AS TEXT), 'confirmed_at', folio.confirmed_at,
               'import.confirm import.release' || :makers || 'amend.apply', ''
          FROM folio WHERE folio.confirmed_at IS NOT NULL
         UNION ALL
        SELECT 'folio ' || CAST(folio.id AS TEXT), 'ended_at', folio.ended_at,
               'import.confirm import.release import.reject import.discard account.settle', ''
          FROM folio WHERE folio.ended_at IS NOT NULL
         UNION ALL
        SELECT 'batch ' || CAST(batch.id AS TEXT), 'ended_at', batch.ended_at, 'import.discard',
               'batch ' || CAST(batch.id AS TEXT)
          FROM batch WHERE batch.ended_at IS NOT NULL
         UNION ALL
        SELECT 'terminal ' || terminal.machine, 'at', terminal.at,
               CASE WHEN terminal.allowed = 0 THEN 'terminal.remove'
                    -- A store is made on one computer, which its entry binds.
                    WHEN EXISTS (SELECT 1 FROM terminal AS other WHERE other.at = terminal.at AND other.machine <> terminal.machine)
                    THEN 'terminal.add' ELSE 'admin.init terminal.add' END,
               'terminal ' || terminal.machine
          FROM terminal
         UNION ALL
        SELECT 'log ' || CAST(running_log.id AS TEXT), 'at', running_log.at, 'log.' || running_log.kind,
               'log ' || CAST(running_log.id AS TEXT)
          FROM running_log
         UNION ALL
        SELECT 'issue ' || CAST(statement_issue.id AS TEXT), 'at', statement_issue.at, 'report.issue',
               'issue ' || CAST(statement_issue.id AS TEXT)
          FROM statement_issue
         UNION ALL
        SELECT 'case ' || CAST(amendment.id AS TEXT), 'at', amendment.at,
               CASE amendment.form WHEN 'objection' THEN 'amend.object' ELSE 'amend.request' END,
               'case ' || CAST(amendment.id AS TEXT)
          FROM amendment
         UNION ALL
        SELECT 'case ' || CAST(amendment.id AS TEXT), 'ended_at', amendment.ended_at,
               CASE amendment.state WHEN 'closed' THEN 'amend.close' WHEN 'rejected' THEN 'amend.reject'
                    WHEN 'withdrawn' THEN 'amend.withdraw' ELSE 'amend.expire' END,
               'case ' || CAST(amendment.id AS TEXT)
          FROM amendment WHERE amendment.ended_at IS NOT NULL
         UNION ALL
        SELECT 'application ' || CAST(amendment_application.revision AS TEXT) || ' of case ' || CAST(amendment_application.amendment AS TEXT),
               'at', amendment_application.at,
               CASE WHEN amendment_application.revision > 1 THEN 'amend.revise' ELSE 'amend.request amend.object' END,
               'case ' || CAST(amendment_application.amendment AS TEXT)
          FROM amendment_application
         UNION ALL
        SELECT 'step ' || CAST(amendment_step.number AS TEXT) || ' of case ' || CAST(amendment_step.amendment AS TEXT), 'at',
               amendment_step.at, 'amend.' || amendment_step.move, 'case ' || CAST(amendment_step.amendment AS TEXT)
          FROM amendment_step
         UNION ALL
        SELECT 'answer of the employer of folio ' || CAST(acknowledgement.folio AS TEXT), 'at', acknowledgement.at,
               'seal.acknowledge', ''
          FROM acknowledgement) AS cited
  LEFT JOIN journal ON journal.at = cited.at
 WHERE journal.at IS NULL
    OR ' ' || cited.acts || ' ' NOT LIKE '% ' || journal.act || ' %'
    OR (cited.subject <> '' AND journal.act NOT IN ('admin.init', 'account.settle') AND journal.subject <> cited.subject)
    OR (journal.act = 'admin.init' AND cited.subject LIKE 'staff %' AND cited.subject <> 'staff ' || journal.staff)
 ORDER BY cited.record, cited.field, cited.at;
