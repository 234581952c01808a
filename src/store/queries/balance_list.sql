SELECT product,
       lot,
       place,
       quantity
  FROM balance
 ORDER BY product NULLS FIRST, lot NULLS FIRST, place NULLS FIRST
