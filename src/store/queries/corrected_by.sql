SELECT seq
  FROM entry
 WHERE corrects = ?1
