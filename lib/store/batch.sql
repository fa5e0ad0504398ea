-- Batches: deliveries.

-- name: batch_find
SELECT id, parent, agency, form, state, file_name, file_digest, encoding, file_bytes,
  form_digest, rules_digest, parameters_digest, reference_at, rows_done,
  lines_read, lines_accepted, lines_rejected, lines_other, read_fen, rejected_fen,
  rejects_file, planned_by, staged_at, confirmed_at, ended_at, strict, given, totals, amendment
FROM batch WHERE id = :id

-- name: batch_of_file
SELECT id FROM batch WHERE file_digest = :file_digest AND form = :form AND state <> 'discarded'

-- name: batch_next
SELECT COALESCE(MAX(id), 0) + 1 FROM batch

-- name: batch_plan
INSERT INTO batch (id, parent, agency, form, state, file_name, file_digest, encoding, file_bytes,
  form_digest, rules_digest, parameters_digest, reference_at, planned_by, strict, given, amendment)
VALUES (:id, :parent, :agency, :form, 'staging', :file_name, :file_digest, :encoding, :file_bytes,
  :form_digest, :rules_digest, :parameters_digest, :reference_at, :planned_by, :strict, :given, :amendment)

-- name: batch_progress
UPDATE batch SET rows_done = :rows_done WHERE id = :id

-- name: batch_staged
UPDATE batch SET state = :state, rows_done = :rows_done,
  lines_read = :lines_read, lines_accepted = :lines_accepted,
  lines_rejected = :lines_rejected, lines_other = :lines_other,
  read_fen = :read_fen, rejected_fen = :rejected_fen, assumptions = :assumptions,
  rejects_file = :rejects_file, staged_at = :staged_at, totals = :totals
WHERE id = :id

-- name: batch_assumptions
SELECT assumptions FROM batch WHERE id = :id

-- name: batch_set_state
UPDATE batch SET state = :state,
  staged_at = CASE WHEN :state = 'staged' THEN :at ELSE staged_at END,
  confirmed_at = CASE WHEN :state = 'confirmed' THEN :at ELSE confirmed_at END,
  ended_at = CASE WHEN :state = 'discarded' THEN :at ELSE ended_at END
WHERE id = :id

-- name: batch_ids
-- scan: the list of all the batches is what is asked for
SELECT id FROM batch ORDER BY id

-- name: batch_exists
SELECT 1 FROM batch WHERE id = :id

-- name: batch_folio_exists
SELECT 1 FROM folio WHERE id = :id
