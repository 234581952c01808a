DELETE FROM gtin
 WHERE gtin = ?1
