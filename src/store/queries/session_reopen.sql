UPDATE session
   SET state = 'open',
       ended_at = NULL,
       ended_offset = NULL,
       reason_code = NULL
 WHERE number = ?1
