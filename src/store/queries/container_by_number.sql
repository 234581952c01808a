SELECT number,
       product,
       lot,
       opened_seq,
       opened_at,
       offset_min,
       discard_by,
       undone
  FROM container
 WHERE number = ?1
