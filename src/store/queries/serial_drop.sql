DELETE FROM serial
 WHERE product = ?1
   AND serial = ?2
