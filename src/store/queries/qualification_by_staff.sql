SELECT field,
       value
  FROM qualification
 WHERE staff_key = ?1
 ORDER BY field NULLS FIRST
