-- What every move of a case goes by.

-- name: casework_application
SELECT digest FROM amendment_application WHERE amendment = :amendment AND revision = :revision
