SELECT product,
       packs
  FROM gtin
 WHERE gtin = ?1
