UPDATE lot
   SET status = ?3,
       status_seq = ?4
 WHERE product = ?1
   AND lot = ?2
