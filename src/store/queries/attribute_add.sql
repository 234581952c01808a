INSERT INTO attribute (product, field, value)
VALUES (?1, ?2, ?3)
