-- Terminals. Each counts from the entry after the one that registered it; what
-- entry 0 (init) registered counts from the start.

-- name: terminal_enter
INSERT INTO terminal (machine, at, name, allowed, agency)
  VALUES (:machine, :at, :name, :allowed, :agency)

-- name: terminal_at
SELECT machine, name, agency, at, allowed FROM terminal
 WHERE machine = :machine AND (at < :at OR at = 0)
 ORDER BY at DESC LIMIT 1

-- name: terminal_each
-- scan: all of them are wanted
SELECT t.machine, t.name, t.agency, t.at, t.allowed, j.time, j.staff
  FROM terminal AS t LEFT JOIN journal AS j ON j.at = t.at
 ORDER BY t.machine, t.at
