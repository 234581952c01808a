SELECT corrects,
       seq
  FROM entry
 WHERE corrects >= ?1
   AND corrects < ?2
   AND seq < ?3
