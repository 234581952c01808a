SELECT client
  FROM client
 WHERE client = ?1
