SELECT gtin,
       packs
  FROM gtin
 WHERE product = ?1
 ORDER BY gtin NULLS FIRST
