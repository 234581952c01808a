SELECT product,
       lot,
       status,
       status_seq
  FROM lot
 WHERE status <> 'released'
 ORDER BY product NULLS FIRST, lot NULLS FIRST
