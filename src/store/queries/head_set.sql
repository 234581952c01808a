UPDATE head
   SET size = ?1,
       frontier = ?2,
       recorded_at = ?3
 WHERE one = 1
