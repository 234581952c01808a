SELECT COUNT(DISTINCT e.session)
  FROM entry e
 WHERE e.product = ?1
   AND e.lot = ?2
   AND e.action = 'stock.use'
   AND NOT EXISTS (SELECT 1 FROM entry c WHERE c.corrects = e.seq)
