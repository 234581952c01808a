UPDATE container
   SET undone = 1
 WHERE number = ?1
