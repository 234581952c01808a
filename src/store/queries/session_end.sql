UPDATE session
   SET state = ?2,
       ended_at = ?3,
       ended_offset = ?4,
       reason_code = ?5
 WHERE number = ?1
