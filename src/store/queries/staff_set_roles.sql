UPDATE staff
   SET roles = ?2
 WHERE staff_key = ?1
