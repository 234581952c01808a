SELECT staff_key,
       field,
       value
  FROM qualification
 ORDER BY staff_key NULLS FIRST, field NULLS FIRST
