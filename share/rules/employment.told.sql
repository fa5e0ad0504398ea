-- id: employment.told
-- class: seal
-- severity: error
-- clause: R4.1.1
-- looks-at: employment periods, by which a person's rows are found, against the registrations and changes that told of them
-- advice: a period is there without the form that told of it, or the other way round: compare with a backup
-- scan: every registration and every change
--
-- Who joins begins a period, who leaves ends one on the last day of the month,
-- who moves ends one on the last day of the month before and begins another.
SELECT 'person number ' || CAST(told.person AS TEXT) || ' employer number ' || CAST(told.employer AS TEXT) ||
         ' folio ' || CAST(told.folio AS TEXT) AS record,
       'since' AS field,
       CASE WHEN SUM(told.kept) = 0 THEN 'no period since ' ELSE 'a period since ' END || CAST(told.since AS TEXT) ||
         CASE WHEN SUM(told.kept_until) = 0 THEN '' ELSE ', with an end on ' || CAST(SUM(told.kept_until) AS TEXT) END AS found,
       CASE WHEN SUM(told.kept) = 0 THEN 'the period of the registration or the change'
            WHEN SUM(told.registered) = 0 THEN 'a registration or a change that tells of it'
            WHEN SUM(told.until) = 0 THEN 'a period without an end, as it was registered'
            ELSE 'a period with an end on ' || CAST(SUM(told.until) AS TEXT) END AS expected,
       'employment' AS kind,
       told.folio AS folio,
       told.person AS person,
       told.employer AS employer
  FROM (SELECT employment.person AS person, employment.employer AS employer, employment.since AS since,
               employment.folio AS folio, 1 AS kept, 0 AS registered,
               COALESCE(employment.until, 0) AS kept_until, 0 AS until
          FROM employment
         UNION ALL
        SELECT registration.person, folio.employer, registration.insured_on, registration.folio, 0, 1, 0, 0
          FROM registration
          JOIN folio ON folio.id = registration.folio
         WHERE folio.employer IS NOT NULL
         UNION ALL
        SELECT changed.person, changed.employer, changed.since, changed.folio, 0, 1, 0,
               CASE WHEN changed.kind = 'join' THEN 0
                    ELSE changed.last * 100 +
                         CASE WHEN changed.last % 100 IN (4, 6, 9, 11) THEN 30
                              WHEN changed.last % 100 <> 2 THEN 31
                              WHEN changed.last / 100 % 400 = 0 THEN 29
                              WHEN changed.last / 100 % 100 = 0 THEN 28
                              WHEN changed.last / 100 % 4 = 0 THEN 29
                              ELSE 28 END END
          FROM (SELECT employment_change.person AS person, folio.employer AS employer,
                       employment_change.since AS since, employment_change.folio AS folio,
                       employment_change.kind AS kind,
                       CASE WHEN employment_change.kind <> 'move' THEN employment_change.month
                            WHEN employment_change.month % 100 = 1 THEN employment_change.month - 89
                            ELSE employment_change.month - 1 END AS last
                  FROM employment_change
                  JOIN folio ON folio.id = employment_change.folio) AS changed
         UNION ALL
        SELECT employment_change.person, employment_change.to_employer, employment_change.month * 100 + 1,
               employment_change.folio, 0, 1, 0, 0
          FROM employment_change
         WHERE employment_change.to_employer IS NOT NULL) AS told
 GROUP BY told.person, told.employer, told.since, told.folio
HAVING SUM(told.kept) = 0 OR SUM(told.registered) = 0 OR SUM(told.kept_until) <> SUM(told.until)
 ORDER BY told.folio, told.person, told.since;
