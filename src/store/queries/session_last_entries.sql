SELECT session,
       MAX(seq)
  FROM entry
 WHERE session IS NOT NULL
 GROUP BY session
