DELETE FROM qualification
 WHERE staff_key = ?1
   AND field = ?2
