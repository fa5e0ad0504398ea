-- id: seal.folios
-- class: seal
-- severity: error
-- clause: R4.2.3
-- looks-at: the list of which folio is in which seal
-- advice: the list follows from the texts of the seals: it was changed behind the tools' back
-- scan: the list
SELECT 'folio ' || CAST(seal_folio.folio AS TEXT) || ' in seal ' || CAST(seal_folio.seal AS TEXT) AS record,
       'seal' AS field,
       CASE WHEN seal.id IS NULL THEN 'no such seal'
            WHEN folio.id IS NULL THEN 'no such folio'
            ELSE 'a folio of batch ' || CAST(folio.batch AS TEXT) END AS found,
       CASE WHEN seal.id IS NULL OR folio.id IS NULL THEN 'a seal and its folio'
            ELSE 'a folio of batch ' || CAST(seal.batch AS TEXT) END AS expected,
       'seal-folio' AS kind,
       seal_folio.folio AS folio
  FROM seal_folio
  LEFT JOIN seal ON seal.id = seal_folio.seal
  LEFT JOIN folio ON folio.id = seal_folio.folio
 WHERE seal.id IS NULL OR folio.id IS NULL OR folio.batch <> seal.batch
 ORDER BY seal_folio.seal, seal_folio.folio;
