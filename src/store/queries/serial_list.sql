SELECT product,
       serial,
       lot,
       place
  FROM serial
 ORDER BY product NULLS FIRST, serial NULLS FIRST
