UPDATE balance
   SET quantity = quantity + ?4
 WHERE product = ?1
   AND lot = ?2
   AND place = ?3
