-- person.alike as one statement, beside which the pass of the program is tried.
SELECT 'person ' || MAX(one.id_number) || ' ' || one.name AS record,
       'id_number' AS field,
       'also as ' || MIN(one.id_number) AS found,
       'one number for one person' AS expected,
       'registration' AS kind,
       MAX(one.person) AS person
  FROM (SELECT registration.person AS person, registration.id_number AS id_number, registration.name AS name,
               registration.sex AS sex,
               CASE WHEN LENGTH(registration.id_number) = 15
                    THEN SUBSTR(registration.id_number, 1, 6) || '19' || SUBSTR(registration.id_number, 7, 6)
                    ELSE SUBSTR(registration.id_number, 1, 14) END AS stem
          FROM registration
          JOIN folio ON folio.id = registration.folio
         WHERE folio.state IN ('confirmed', 'sealed')) AS one
 GROUP BY one.stem, one.name, one.sex
HAVING MIN(one.person) <> MAX(one.person)
 ORDER BY MAX(one.person);
