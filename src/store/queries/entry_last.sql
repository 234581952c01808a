SELECT MAX(seq)
  FROM entry
