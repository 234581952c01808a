INSERT INTO protocol_text (sha256, text)
SELECT ?1, CAST(?2 AS TEXT)
 WHERE NOT EXISTS (SELECT 1 FROM protocol_text WHERE sha256 = ?1)
