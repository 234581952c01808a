SELECT lot,
       place
  FROM serial
 WHERE product = ?1
   AND serial = ?2
