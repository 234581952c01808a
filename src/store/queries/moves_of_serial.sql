SELECT e.occurred_at,
       e.occurred_offset_min
  FROM entry e
 WHERE e.product = ?1
   AND e.lot = ?2
   AND e.serial = ?3
   AND e.quantity IS NOT NULL
   AND e.corrects IS NULL
   AND NOT EXISTS (SELECT 1 FROM entry c WHERE c.corrects = e.seq)
