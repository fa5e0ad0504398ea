-- Folios: one form within a batch.

-- name: folio_next
SELECT COALESCE(MAX(id), 0) + 1 FROM folio

-- name: folio_number
-- The newest has the highest, so that none of the others is looked at.
SELECT COALESCE((SELECT number FROM folio
  WHERE employer IS NOT DISTINCT FROM :employer AND form = :form AND period = :period AND state <> 'discarded'
  ORDER BY id DESC LIMIT 1), 0) + 1

-- name: folio_enter
INSERT INTO folio (id, batch, form, employer, period, number, state, rows, unit_fen, personal_fen,
  amount_fen)
VALUES (:id, :batch, :form, :employer, :period, :number, :state, :rows, :unit_fen, :personal_fen,
  :amount_fen)

-- name: folio_find
-- The credit code by which the employer first came: a later alias leaves old
-- seals as they are.
SELECT id, batch, form, employer, period, number, state, rows, unit_fen, personal_fen, amount_fen,
  root, replaces, confirmed_at, sealed_at, ended_at,
  (SELECT value FROM employer_alias AS a WHERE a.employer = f.employer AND a.kind = 'credit-code'
   ORDER BY a.batch, value LIMIT 1)
FROM folio AS f WHERE id = :id

-- name: folio_sums
UPDATE folio SET rows = :rows, unit_fen = :unit_fen, personal_fen = :personal_fen,
  amount_fen = :amount_fen, state = :state
WHERE id = :id

-- name: folio_set_state
UPDATE folio SET state = :state,
  confirmed_at = CASE WHEN :state = 'confirmed' THEN :at ELSE confirmed_at END,
  sealed_at = CASE WHEN :state = 'sealed' THEN :at ELSE sealed_at END,
  ended_at = CASE WHEN :state IN ('replaced', 'rejected', 'discarded') THEN :at ELSE ended_at END
WHERE id = :id

-- name: folio_set_root
UPDATE folio SET root = :root WHERE id = :id

-- name: folio_of_batch
-- The columns of folio_find, some hundred folios at a time.
SELECT id, batch, form, employer, period, number, state, rows, unit_fen, personal_fen, amount_fen,
  root, replaces, confirmed_at, sealed_at, ended_at,
  (SELECT value FROM employer_alias AS a WHERE a.employer = f.employer AND a.kind = 'credit-code'
   ORDER BY a.batch, value LIMIT 1)
FROM folio AS f WHERE batch = :batch AND id > :after ORDER BY id LIMIT :most

-- name: folio_visible_of_employer
SELECT id FROM folio
WHERE employer = :employer AND form = :form AND (:period = 0 OR period = :period)
  AND confirmed_at <= :as_of AND (ended_at IS NULL OR ended_at > :as_of)
ORDER BY id

-- name: folio_visible
SELECT id FROM folio
WHERE form = :form AND (:period = 0 OR period = :period)
  AND confirmed_at <= :as_of AND (ended_at IS NULL OR ended_at > :as_of)
ORDER BY id

-- name: folio_entered
-- Those that were confirmed within some time, but for new versions of rows that cases made.
SELECT f.id FROM folio AS f JOIN journal AS j ON j.at = f.confirmed_at JOIN batch AS b ON b.id = f.batch
WHERE f.form = :form AND j.time >= :begin AND j.time < :end
  AND f.confirmed_at <= :as_of AND (f.ended_at IS NULL OR f.ended_at > :as_of) AND b.amendment IS NULL
ORDER BY f.id
