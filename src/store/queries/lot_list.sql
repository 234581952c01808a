SELECT product,
       lot,
       expiry,
       status,
       status_seq,
       first_seq,
       receipts
  FROM lot
 ORDER BY product NULLS FIRST, lot NULLS FIRST
