-- Whose a batch is that an act is about.

-- name: doorwalk_batch
SELECT agency FROM batch WHERE id = CAST(:subject AS BIGINT)
