SELECT product,
       lot,
       place,
       quantity
  FROM balance
 WHERE product = ?1
 ORDER BY lot NULLS FIRST, place NULLS FIRST
