-- People of one name, sex and birth date.

-- name: alike_row
SELECT id_number, name, sex FROM registration WHERE folio = :folio AND person = :person ORDER BY line
