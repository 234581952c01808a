UPDATE serial
   SET place = ?3
 WHERE product = ?1
   AND serial = ?2
