UPDATE lot
   SET expiry = ?3,
       first_seq = CASE WHEN receipts = 0 THEN ?4 ELSE first_seq END,
       receipts = receipts + CAST(1 AS BIGINT)
 WHERE product = ?1
   AND lot = ?2
