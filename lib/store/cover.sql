-- Holds of folios, and what waits.

-- name: cover_enter
INSERT INTO hold (folio, rule, at, found, expected) VALUES (:folio, :rule, :at, :found, :expected)

-- name: cover_hold
SELECT rule, found, expected, at FROM hold WHERE folio = :folio AND ended_at IS NULL
ORDER BY at DESC LIMIT 1

-- name: cover_end
UPDATE hold SET ended_at = :at, decision = :decision, reason = :reason
WHERE folio = :folio AND ended_at IS NULL

-- name: cover_held
SELECT id FROM folio WHERE id > :after AND state = 'held' ORDER BY id LIMIT 1
