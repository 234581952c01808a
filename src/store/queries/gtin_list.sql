SELECT gtin,
       product,
       packs
  FROM gtin
 ORDER BY gtin NULLS FIRST
