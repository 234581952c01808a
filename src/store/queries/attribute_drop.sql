DELETE FROM attribute
 WHERE product = ?1
   AND field = ?2
