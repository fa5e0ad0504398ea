-- id: folio.seal
-- class: seal
-- severity: error
-- clause: R4.2.3
-- looks-at: sealed folios and the closed seals that they are in, and roots, which are made for a seal
-- advice: a folio is sealed by the entry that closed its seal, and by nothing else: its state was changed behind the tools' back
-- scan: every folio
--
-- A roll has its roots as it is written, for the signature that follows; where it was
-- stopped between the two, whoever signs makes them again.
SELECT looked.record AS record, looked.field AS field, looked.found AS found, looked.expected AS expected,
       'folio' AS kind, looked.number AS folio, looked.employer AS employer, looked.batch AS batch
  FROM (SELECT 'folio ' || CAST(folio.id AS TEXT) || ' (' || folio.form || ') of batch ' || CAST(folio.batch AS TEXT) AS record,
               folio.id AS number, folio.employer AS employer, folio.batch AS batch,
               'state' AS field,
               folio.state || CASE WHEN folio.sealed_at IS NULL THEN '' ELSE ' by entry ' || CAST(folio.sealed_at AS TEXT) END AS found,
               CASE WHEN closed.seal IS NULL THEN 'no closed seal: not sealed'
                 ELSE 'sealed by entry ' || CAST(closed.ended_at AS TEXT) || ', which closed seal ' || CAST(closed.seal AS TEXT) END AS expected
          FROM folio
          LEFT JOIN (SELECT seal_folio.folio AS folio, seal.id AS seal, seal.ended_at AS ended_at
                       FROM seal_folio
                       JOIN seal ON seal.id = seal_folio.seal
                      WHERE seal.state = 'closed') AS closed
            ON closed.folio = folio.id
         WHERE (closed.seal IS NULL AND (folio.state = 'sealed' OR folio.sealed_at IS NOT NULL))
            OR (closed.seal IS NOT NULL
                AND (folio.sealed_at IS NULL OR folio.sealed_at <> closed.ended_at
                     OR folio.state NOT IN ('sealed', 'replaced')))
         UNION ALL
        SELECT 'folio ' || CAST(folio.id AS TEXT) || ' (' || folio.form || ') of batch ' || CAST(folio.batch AS TEXT), folio.id, folio.employer, folio.batch,
               'root', CASE WHEN folio.root IS NULL THEN 'none' ELSE folio.root END,
               CASE WHEN folio.root IS NULL THEN 'the root that was made for its seal' ELSE 'none: it is in no seal' END
          FROM folio
          LEFT JOIN (SELECT DISTINCT seal_folio.folio AS folio FROM seal_folio) AS listed ON listed.folio = folio.id
         WHERE (folio.root IS NULL) <> (listed.folio IS NULL)
           AND NOT (folio.form = 'roll' AND folio.root IS NOT NULL AND folio.state IN ('staging', 'confirmed'))) AS looked
 ORDER BY looked.number, looked.field;
