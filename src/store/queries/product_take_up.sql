UPDATE product
   SET retired = 0
 WHERE product = ?1
