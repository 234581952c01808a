DELETE FROM balance
 WHERE product = ?1
   AND lot = ?2
   AND place = ?3
   AND quantity = 0
