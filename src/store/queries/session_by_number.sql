SELECT number,
       client,
       protocol,
       sha256,
       area,
       place,
       pen,
       staff,
       started_at,
       started_offset,
       ended_at,
       ended_offset,
       state,
       reason_code
  FROM session
 WHERE number = ?1
