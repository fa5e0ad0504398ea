-- person.repeated as one statement, beside which the pass of the program is tried.
--
-- Ids of 15 digits stand there lifted to 18, so that a pair of both is one id.
SELECT 'citizen id ' || person_alias.value AS record,
       'value' AS field,
       CAST(COUNT(*) AS TEXT) || ' people, number ' || CAST(MIN(person_alias.person) AS TEXT) || ' to ' ||
         CAST(MAX(person_alias.person) AS TEXT) AS found,
       'one person' AS expected,
       'person' AS kind,
       MAX(person_alias.person) AS person,
       MAX(person_alias.batch) AS batch
  FROM person_alias
 GROUP BY person_alias.kind, person_alias.value
HAVING COUNT(*) > 1
 ORDER BY person_alias.value;
