-- The store's own row, and counts of what it holds.

-- name: store_identity
SELECT agency, name, suite, origin, log_key, secret, live_on
  FROM store WHERE one = 1

-- name: store_made
-- scan: the objects of the schema
SELECT EXISTS (SELECT 1 FROM sqlite_master AS m WHERE m.name = :made
  AND (:column IS NULL OR EXISTS (SELECT 1 FROM pragma_table_info(m.name) AS c WHERE c.name = :column)))

-- name: store_enter
INSERT INTO store (one, agency, name, suite, origin, log_key, secret, live_on)
  VALUES (1, :agency, :name, :suite, :origin, :log_key, :secret, :live_on)

-- name: store_batch_states
-- scan: counts every batch; there are some thousand
SELECT state, count(*) FROM batch GROUP BY state ORDER BY state

-- name: store_folio_states
-- scan: counts every folio; there are some hundred thousand
SELECT state, count(*) FROM folio GROUP BY state ORDER BY state

-- name: store_case_states
-- scan: counts every case that is open, by the index; there are some hundred
SELECT state, count(*) FROM amendment WHERE state NOT IN ('closed', 'rejected', 'withdrawn', 'expired')
GROUP BY state ORDER BY state
