SELECT product,
       serial,
       lot,
       place,
       known_seq
  FROM serial
 ORDER BY product NULLS FIRST, serial NULLS FIRST
