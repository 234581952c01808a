SELECT protocol,
       sha256,
       seq
  FROM protocol
 ORDER BY seq
