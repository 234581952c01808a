SELECT corrects,
       seq
  FROM entry
 WHERE corrects IS NOT NULL
   AND seq < ?1
