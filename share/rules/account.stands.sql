-- id: account.stands
-- class: seal
-- severity: error
-- clause: R4.2
-- looks-at: where each person's account stands, against the opening balances and settlements that say so
-- advice: the list and the balances have to agree: compare both with a backup
-- scan: every balance
--
-- Settlements are listed when they are confirmed, opening balances when they are
-- staged; what is listed has a balance at any time.
SELECT 'person number ' || CAST(stands.person AS TEXT) || ' year ' || CAST(stands.year AS TEXT) ||
         ' folio ' || CAST(stands.folio AS TEXT) AS record,
       'year' AS field,
       CASE WHEN SUM(stands.kept) = 0 THEN 'a balance that is not listed' ELSE 'listed without a balance' END AS found,
       'every balance listed once' AS expected,
       'account-year' AS kind,
       stands.folio AS folio,
       stands.person AS person
  FROM (SELECT account_year.person AS person, account_year.year AS year, account_year.folio AS folio,
               1 AS kept, 0 AS balance
          FROM account_year
         UNION ALL
        SELECT opening.person, opening.year, opening.folio, 0, 1
          FROM opening
         UNION ALL
        SELECT movement.person, movement.year, movement.folio, 0, 1
          FROM movement
         WHERE movement.kind = 'balance') AS stands
  LEFT JOIN folio ON folio.id = stands.folio
 GROUP BY stands.person, stands.year, stands.folio, folio.confirmed_at
HAVING SUM(stands.balance) = 0
    OR (folio.confirmed_at IS NOT NULL AND (SUM(stands.kept) <> 1 OR SUM(stands.balance) <> 1))
 ORDER BY stands.folio, stands.person, stands.year;
