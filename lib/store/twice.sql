-- Registrations that are there twice.

-- name: twice_in_folio
SELECT COUNT(*), MAX(registration.id_number), MAX(registration.name), MAX(folio.batch) FROM registration
JOIN folio ON folio.id = registration.folio
WHERE registration.folio = :folio AND registration.person = :person AND registration.insured_on = :since
  AND folio.state IN ('confirmed', 'sealed')
  AND NOT EXISTS (SELECT 1 FROM replacement WHERE replacement.folio = registration.folio
    AND replacement.subject = registration.person AND replacement.line = registration.line)
