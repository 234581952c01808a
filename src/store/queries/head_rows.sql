SELECT one,
       size,
       frontier,
       recorded_at
  FROM head
 ORDER BY one NULLS FIRST
