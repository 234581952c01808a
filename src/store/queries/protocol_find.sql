SELECT protocol,
       sha256,
       seq
  FROM protocol
 WHERE protocol = ?1
