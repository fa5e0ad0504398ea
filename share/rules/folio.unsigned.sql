-- id: folio.unsigned
-- class: workflow
-- severity: warning
-- clause: R4.2.3
-- looks-at: folios that were entered and wait for a signature, or for the employer, longer than the agency allows
-- advice: ask who is next: pen-admin status and pen-seal list say what each folio waits for
-- days: workflow.sign-days
-- scan: every folio
SELECT 'folio ' || CAST(folio.id AS TEXT) || ' (' || folio.form || ') of batch ' || CAST(folio.batch AS TEXT) AS record,
       'state' AS field,
       CASE WHEN signed.at IS NOT NULL THEN 'signed, and not further'
            WHEN folio.form = 'breakdown' AND NOT EXISTS (SELECT 1 FROM acknowledgement WHERE acknowledgement.folio = folio.id)
              THEN 'no answer of the employer, no signature'
            ELSE 'no signature' END || ' since ' || SUBSTR(journal.time, 1, 10) AS found,
       'the next signature within ' || CAST(:days AS TEXT) || ' days' AS expected,
       'folio' AS kind,
       folio.id AS folio,
       folio.employer AS employer,
       folio.batch AS batch
  FROM folio
  LEFT JOIN (SELECT seal_folio.folio AS folio, MAX(seal_signature.at) AS at
               FROM seal
               JOIN seal_folio ON seal_folio.seal = seal.id
               JOIN seal_signature ON seal_signature.seal = seal.id
              WHERE seal.state = 'open'
              GROUP BY seal_folio.folio) AS signed ON signed.folio = folio.id
  JOIN journal ON journal.at = COALESCE(signed.at, folio.confirmed_at)
 WHERE folio.state = 'confirmed'
   AND journal.time < :before
 ORDER BY folio.id;
