UPDATE product
   SET opened_life = ?2
 WHERE product = ?1
