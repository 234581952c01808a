SELECT client
  FROM client
 WHERE lower(client) = ?1
 ORDER BY client NULLS FIRST
