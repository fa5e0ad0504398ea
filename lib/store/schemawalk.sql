-- The schema as the engine keeps it; tables that it keeps for its own planning
-- are left aside.

-- name: schemawalk_objects
-- scan: every table, index and trigger
SELECT type || ' ' || name, tbl_name, sql FROM sqlite_master
WHERE sql IS NOT NULL AND name NOT IN ('sqlite_stat1', 'sqlite_stat4')
ORDER BY type || ' ' || name
