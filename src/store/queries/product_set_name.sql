UPDATE product
   SET name = ?2
 WHERE product = ?1
