SELECT text
  FROM protocol_text
 WHERE sha256 = ?1
