-- id: employment.told
-- class: seal
-- severity: error
-- clause: R4.1.1
-- looks-at: employment periods, by which a person's rows are found, against the registrations that told of them
-- advice: a period is there without its registration, or the other way round: compare with a backup
-- scan: every registration
SELECT 'person number ' || CAST(told.person AS TEXT) || ' employer number ' || CAST(told.employer AS TEXT) ||
         ' folio ' || CAST(told.folio AS TEXT) AS record,
       'since' AS field,
       CASE WHEN SUM(told.kept) = 0 THEN 'no period since ' ELSE 'a period since ' END || CAST(told.since AS TEXT) ||
         CASE WHEN SUM(told.ended) = 0 THEN '' ELSE ', with an end' END AS found,
       CASE WHEN SUM(told.kept) = 0 THEN 'the period of the registration'
            WHEN SUM(told.registered) = 0 THEN 'a registration that tells of it'
            ELSE 'a period without an end, as it was registered' END AS expected
  FROM (SELECT employment.person AS person, employment.employer AS employer, employment.since AS since,
               employment.folio AS folio, 1 AS kept, 0 AS registered,
               CASE WHEN employment.until IS NULL THEN 0 ELSE 1 END AS ended
          FROM employment
         UNION ALL
        SELECT registration.person, folio.employer, registration.insured_on, registration.folio, 0, 1, 0
          FROM registration
          JOIN folio ON folio.id = registration.folio
         WHERE folio.employer IS NOT NULL) AS told
  LEFT JOIN folio ON folio.id = told.folio
 GROUP BY told.person, told.employer, told.since, told.folio
HAVING SUM(told.kept) = 0 OR SUM(told.registered) = 0 OR SUM(told.ended) > 0
 ORDER BY told.folio, told.person, told.since;
