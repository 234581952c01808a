SELECT seq
  FROM entry
 WHERE entry_id = ?1
