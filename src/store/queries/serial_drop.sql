DELETE FROM serial
 WHERE product = ?1
   AND serial = ?2
   AND known_seq = ?3
