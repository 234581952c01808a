UPDATE product
   SET dose = ?2
 WHERE product = ?1
