-- Why folios wait, and what waits.

-- name: hold_enter
INSERT INTO hold (folio, rule, at, found, expected) VALUES (:folio, :rule, :at, :found, :expected)

-- name: hold_open
SELECT rule, found, expected, at FROM hold WHERE folio = :folio AND ended_at IS NULL
ORDER BY CASE rule WHEN 'levy.covers' THEN 1 ELSE 0 END, at, rule

-- name: hold_end
UPDATE hold SET ended_at = :at, decision = :decision, reason = :reason
WHERE folio = :folio AND ended_at IS NULL

-- name: hold_end_of
UPDATE hold SET ended_at = :at, decision = :decision, reason = :reason
WHERE folio = :folio AND rule = :rule AND ended_at IS NULL

-- name: hold_folios
SELECT id FROM folio WHERE id > :after AND state = 'held' ORDER BY id LIMIT 1
