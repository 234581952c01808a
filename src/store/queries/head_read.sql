SELECT frontier,
       recorded_at
  FROM head
 WHERE one = 1
