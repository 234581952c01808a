UPDATE staff
   SET name = ?2
 WHERE staff_key = ?1
