SELECT product,
       field,
       value
  FROM attribute
 ORDER BY product NULLS FIRST, field NULLS FIRST
