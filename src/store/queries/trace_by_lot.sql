SELECT seq,
       occurred_at,
       occurred_offset_min,
       staff,
       action,
       session,
       client,
       serial,
       container,
       quantity,
       from_place,
       to_place,
       step,
       area,
       reason_code,
       reason,
       corrects,
       detail
  FROM entry
 WHERE product = ?1
   AND lot = ?2
   AND seq < ?3
 ORDER BY seq NULLS FIRST
