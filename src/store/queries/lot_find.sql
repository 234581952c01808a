SELECT product,
       lot,
       expiry,
       status,
       status_seq,
       first_seq,
       receipts
  FROM lot
 WHERE product = ?1
   AND lot = ?2
