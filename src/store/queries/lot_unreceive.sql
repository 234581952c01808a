UPDATE lot
   SET receipts = receipts - CAST(1 AS BIGINT)
 WHERE product = ?1
   AND lot = ?2
