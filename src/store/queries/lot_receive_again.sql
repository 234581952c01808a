UPDATE lot
   SET expiry = CASE WHEN receipts = 0 THEN ?3 ELSE expiry END,
       first_seq = CASE WHEN receipts = 0 THEN ?4 ELSE first_seq END,
       receipts = receipts + CAST(1 AS BIGINT)
 WHERE product = ?1
   AND lot = ?2
