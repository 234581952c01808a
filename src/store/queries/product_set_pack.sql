UPDATE product
   SET pack = ?2
 WHERE product = ?1
