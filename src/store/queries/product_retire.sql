UPDATE product
   SET retired = 1
 WHERE product = ?1
