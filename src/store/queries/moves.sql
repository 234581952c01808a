SELECT e.seq,
       e.occurred_at,
       e.occurred_offset_min,
       e.quantity,
       e.from_place,
       e.to_place
  FROM entry e
 WHERE e.product = ?1
   AND e.lot = ?2
   AND e.quantity IS NOT NULL
   AND e.corrects IS NULL
   AND (e.from_place = ?3 OR e.to_place = ?3)
   AND NOT EXISTS (SELECT 1 FROM entry c WHERE c.corrects = e.seq)
