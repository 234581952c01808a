SELECT sha256,
       text
  FROM protocol_text
 ORDER BY sha256 NULLS FIRST
