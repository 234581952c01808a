INSERT INTO qualification (staff_key, field, value)
VALUES (?1, ?2, ?3)
