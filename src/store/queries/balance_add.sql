INSERT INTO balance (product, lot, place, quantity)
VALUES (?1, ?2, ?3, ?4)
