-- Whose hand a folio came in by.

-- name: hand_reviewed
SELECT 1 FROM hold WHERE folio = :folio AND ended_at = :at AND decision = 'released' AND rule <> 'levy.covers' LIMIT 1
