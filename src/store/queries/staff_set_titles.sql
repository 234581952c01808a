UPDATE staff
   SET titles = ?2
 WHERE staff_key = ?1
