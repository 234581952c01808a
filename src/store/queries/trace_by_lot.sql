SELECT e.seq,
       e.occurred_at,
       e.occurred_offset_min,
       e.staff,
       e.action,
       e.session,
       e.client,
       e.serial,
       e.container,
       e.quantity,
       e.from_place,
       e.to_place,
       e.step,
       e.area,
       e.reason_code,
       e.reason,
       e.corrects,
       e.detail,
       c.seq,
       e.recorded_at
  FROM entry e
  LEFT JOIN entry c
    ON c.corrects = e.seq
 WHERE e.product = ?1
   AND e.lot = ?2
   AND e.seq < ?3
   AND (CAST(?4 AS TEXT) IS NULL OR e.action = ?4)
 ORDER BY e.seq
