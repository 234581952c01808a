SELECT e.seq,
       e.action
  FROM entry e
 WHERE e.product = ?1
   AND e.lot = ?2
   AND (e.action = 'lot.hold' OR e.action = 'lot.release')
   AND EXISTS (SELECT 1
                 FROM lot l
                WHERE l.product = ?1
                  AND l.lot = ?2
                  AND l.status_seq IS NOT NULL)
 ORDER BY e.seq
