SELECT product,
       lot,
       status
  FROM lot
 WHERE status <> 'released'
 ORDER BY product NULLS FIRST, lot NULLS FIRST
