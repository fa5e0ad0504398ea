-- Who cosigned.

-- name: cosigner_keys
SELECT public_key FROM staff_key WHERE staff = :staff ORDER BY at

-- name: cosigner_newest
SELECT subject FROM journal WHERE act = 'seal.cosign' AND staff = :staff ORDER BY at DESC LIMIT 1
