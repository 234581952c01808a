INSERT INTO serial (product, serial, lot, place, known_seq)
VALUES (?1, ?2, ?3, ?4, ?5)
