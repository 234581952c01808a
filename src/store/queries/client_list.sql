SELECT client
  FROM client
 ORDER BY client NULLS FIRST
