-- Seals, their folios and signatures, and what employers answered.

-- name: sealing_newest
SELECT id, digest FROM seal ORDER BY id DESC LIMIT 1

-- name: sealing_previous
SELECT digest FROM seal WHERE id < :id ORDER BY id DESC LIMIT 1

-- name: sealing_find
SELECT id, batch, at, ended_at, state, digest FROM seal WHERE id = :id

-- name: sealing_entry
SELECT staff, act, subject FROM journal WHERE at = :at

-- name: sealing_enter
INSERT INTO seal (id, batch, at, text, digest, state) VALUES (:id, :batch, :at, :text, :digest, :state)

-- name: sealing_enter_folio
INSERT INTO seal_folio (folio, seal) VALUES (:folio, :seal)

-- name: sealing_enter_signature
INSERT INTO seal_signature (seal, role, staff, at, signature) VALUES (:seal, :role, :staff, :at, :signature)

-- name: sealing_set_state
UPDATE seal SET state = :state, ended_at = :at WHERE id = :id

-- name: sealing_at
SELECT at FROM seal WHERE id = :id

-- name: sealing_folios
SELECT folio FROM seal_folio WHERE seal = :seal ORDER BY folio

-- name: sealing_signatures
SELECT role, staff, at, signature FROM seal_signature WHERE seal = :seal ORDER BY at, role

-- name: sealing_of_folio
SELECT s.id FROM seal_folio f JOIN seal s ON s.id = f.seal
WHERE f.folio = :folio AND s.state <> 'void' ORDER BY s.id DESC LIMIT 1

-- name: sealing_each
SELECT id, batch, at, ended_at, state, digest FROM seal WHERE id > :after ORDER BY id LIMIT 64

-- name: sealing_each_of_batch
SELECT id, batch, at, ended_at, state, digest FROM seal WHERE batch = :batch AND id > :after ORDER BY id LIMIT 64

-- name: sealing_agreement
SELECT answer, answered_on, document FROM acknowledgement
WHERE folio = :folio AND at < :before ORDER BY at DESC LIMIT 1

-- name: sealing_agree
INSERT INTO acknowledgement (folio, at, answer, answered_on, note, document)
VALUES (:folio, :at, :answer, :answered_on, :note, :document)

-- name: sealing_answers
-- scan: the answers of one entry, looked for once an entry by verification
SELECT folio, answer, answered_on, document, note FROM acknowledgement WHERE at = :at ORDER BY folio
