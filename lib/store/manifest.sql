-- What a manifest tells of a store beside its bytes.

-- name: manifest_folios
-- scan: sums over every folio; there are some hundred thousand
SELECT form, state, count(*), sum(rows), sum(unit_fen), sum(personal_fen), sum(amount_fen)
  FROM folio GROUP BY form, state ORDER BY form, state

-- name: manifest_counts
-- scan: counts every row of every table, in the copy, while nobody waits
SELECT 'acknowledgement', count(*) FROM acknowledgement
UNION ALL SELECT 'account_year', count(*) FROM account_year
UNION ALL SELECT 'adjustment', count(*) FROM adjustment
UNION ALL SELECT 'amendment', count(*) FROM amendment
UNION ALL SELECT 'amendment_application', count(*) FROM amendment_application
UNION ALL SELECT 'amendment_field', count(*) FROM amendment_field
UNION ALL SELECT 'amendment_record', count(*) FROM amendment_record
UNION ALL SELECT 'amendment_step', count(*) FROM amendment_step
UNION ALL SELECT 'assessment', count(*) FROM assessment
UNION ALL SELECT 'batch', count(*) FROM batch
UNION ALL SELECT 'benefit_change', count(*) FROM benefit_change
UNION ALL SELECT 'blob', count(*) FROM blob
UNION ALL SELECT 'blob_chunk', count(*) FROM blob_chunk
UNION ALL SELECT 'contribution', count(*) FROM contribution
UNION ALL SELECT 'contribution_aside', count(*) FROM contribution_aside
UNION ALL SELECT 'employer', count(*) FROM employer
UNION ALL SELECT 'employer_alias', count(*) FROM employer_alias
UNION ALL SELECT 'employer_record', count(*) FROM employer_record
UNION ALL SELECT 'employment', count(*) FROM employment
UNION ALL SELECT 'employment_change', count(*) FROM employment_change
UNION ALL SELECT 'folio', count(*) FROM folio
UNION ALL SELECT 'folio_node', count(*) FROM folio_node
UNION ALL SELECT 'hold', count(*) FROM hold
UNION ALL SELECT 'journal', count(*) FROM journal
UNION ALL SELECT 'journal_node', count(*) FROM journal_node
UNION ALL SELECT 'levy', count(*) FROM levy
UNION ALL SELECT 'levy_year', count(*) FROM levy_year
UNION ALL SELECT 'movement', count(*) FROM movement
UNION ALL SELECT 'opening', count(*) FROM opening
UNION ALL SELECT 'parameter_table', count(*) FROM parameter_table
UNION ALL SELECT 'payment', count(*) FROM payment
UNION ALL SELECT 'payment_return', count(*) FROM payment_return
UNION ALL SELECT 'person', count(*) FROM person
UNION ALL SELECT 'person_alias', count(*) FROM person_alias
UNION ALL SELECT 'registration', count(*) FROM registration
UNION ALL SELECT 'reject', count(*) FROM reject
UNION ALL SELECT 'repair', count(*) FROM repair
UNION ALL SELECT 'replacement', count(*) FROM replacement
UNION ALL SELECT 'retirement', count(*) FROM retirement
UNION ALL SELECT 'retry', count(*) FROM retry
UNION ALL SELECT 'running_log', count(*) FROM running_log
UNION ALL SELECT 'seal', count(*) FROM seal
UNION ALL SELECT 'seal_folio', count(*) FROM seal_folio
UNION ALL SELECT 'seal_node', count(*) FROM seal_node
UNION ALL SELECT 'seal_signature', count(*) FROM seal_signature
UNION ALL SELECT 'staff', count(*) FROM staff
UNION ALL SELECT 'staff_key', count(*) FROM staff_key
UNION ALL SELECT 'staff_role', count(*) FROM staff_role
UNION ALL SELECT 'statement_issue', count(*) FROM statement_issue
UNION ALL SELECT 'store', count(*) FROM store
UNION ALL SELECT 'succession', count(*) FROM succession
UNION ALL SELECT 'terminal', count(*) FROM terminal
