SELECT lot,
       place,
       COUNT(*)
  FROM serial
 WHERE product = ?1
 GROUP BY lot,
          place
