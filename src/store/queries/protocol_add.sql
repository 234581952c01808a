INSERT INTO protocol (protocol, sha256, seq)
VALUES (?1, ?2, ?3)
