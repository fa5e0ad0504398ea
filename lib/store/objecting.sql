-- Objections, and attempts at one that were refused.

-- name: objecting_slice
-- scan: the cases, of which there are a few hundred a year, and the refusals
SELECT o.at, o.amendment, o.issue, j.time, j.staff, s.name, j.text
FROM (SELECT a.at AS at, a.id AS amendment, a.issue AS issue
        FROM amendment AS a WHERE a.form = 'objection' AND a.at > :after AND a.at <= :as_of
       UNION ALL
      SELECT r.at, 0, CAST(SUBSTR(r.subject, 7) AS BIGINT)
        FROM journal AS r
       WHERE r.act = 'refused' AND r.at > :after AND r.at <= :as_of AND r.subject LIKE 'issue %'
         AND r.text LIKE '%"act":"amend.object"%') AS o
JOIN journal AS j ON j.at = o.at
LEFT JOIN staff AS s ON s.id = j.staff
ORDER BY o.at LIMIT :most
