-- The keys of all the staff.

-- name: keywalk_keys
-- scan: every key there is, a few hundred
SELECT staff, at, public_key FROM staff_key WHERE at < :size ORDER BY staff, at
