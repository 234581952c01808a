UPDATE product
   SET category = ?2
 WHERE product = ?1
