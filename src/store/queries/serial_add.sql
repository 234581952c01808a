INSERT INTO serial (product, serial, lot, place)
VALUES (?1, ?2, ?3, ?4)
