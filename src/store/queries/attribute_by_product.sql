SELECT field,
       value
  FROM attribute
 WHERE product = ?1
 ORDER BY field NULLS FIRST
