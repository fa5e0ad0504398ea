-- id: person.repeated
-- class: logic
-- severity: error
-- clause: R4.1.1
-- looks-at: citizen ids that two people of the store have
-- advice: the two are one person, entered twice: find out by which door the second came in, and have them merged by pen-amend
-- scan: every identifier
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
