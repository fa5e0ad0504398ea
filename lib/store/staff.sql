-- Staff: persons, keys, roles. Each counts from the entry after the one that
-- made it; what entry 0 (init) made counts from the start.

-- name: staff_find
SELECT id, name, agency FROM staff WHERE id = :id

-- name: staff_enter
INSERT INTO staff (id, name, agency, at) VALUES (:id, :name, :agency, :at)

-- name: staff_key_enter
INSERT INTO staff_key (staff, at, public_key) VALUES (:staff, :at, :public_key)

-- name: staff_key_at
SELECT public_key, at FROM staff_key
 WHERE staff = :staff AND (at < :at OR at = 0)
 ORDER BY at DESC LIMIT 1

-- name: staff_key_others
-- scan: every key of some hundred; a key is entered seldom
SELECT staff, public_key FROM staff_key WHERE staff <> :staff ORDER BY staff, at

-- name: staff_role_enter
INSERT INTO staff_role (staff, role, at, granted) VALUES (:staff, :role, :at, :granted)

-- name: staff_role_at
SELECT granted, at FROM staff_role
 WHERE staff = :staff AND role = :role AND (at < :at OR at = 0)
 ORDER BY at DESC LIMIT 1

-- name: staff_each
-- scan: all of them are wanted
SELECT s.id, s.name, s.agency, r.role, r.granted, r.at
  FROM staff AS s JOIN staff_role AS r ON r.staff = s.id
 ORDER BY s.id, r.role, r.at
